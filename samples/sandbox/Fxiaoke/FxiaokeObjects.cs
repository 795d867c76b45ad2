using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;
using static Crm.Integration.Sandbox.Records.FieldKind;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>The objects of the sandbox's tenant, one of them made up by its people, all with Chinese labels.</summary>
internal static class FxiaokeObjects
{
    public static IReadOnlyList<FxiaokeObject> Make() =>
    [
        new("AccountObj", "客户",
        [
            Of("name", "客户名称", Text, 100) with { Required = true }, Of("tel", "电话", Phone, 50), Of("email", "邮件", Email, 100), Of("url", "网址", Url),
            Of("remark", "备注", LongText, 2000), Of("address", "详细地址", Text, 300),
            Of("account_type", "客户类型", Choice) with { Options = ["customer", "partner", "supplier"] },
            Of("industry_level1", "1级行业", Choice) with { Options = [.. Company.Industries] }, To("parent_account_id", "上级客户", "AccountObj"),
            .. Common, HubId, Custom("tax_id__c", "税号", Text), Custom("revenue__c", "年营业额", Money),
        ]),
        new("ContactObj", "联系人",
        [
            Of("name", "姓名", Text, 100) with { Required = true }, To("account_id", "客户名称", "AccountObj"), Of("mobile1", "手机1", Phone, 50), Of("mobile2", "手机2", Phone, 50),
            Of("tel1", "电话1", Phone, 50), Of("tel2", "电话2", Phone, 50),
            Of("email", "邮件", Email, 100), Of("job_title", "职务", Text, 100), Of("department", "部门", Text, 100), Of("gender", "性别", Choice) with { Options = ["1", "2"] },
            Of("date_of_birth", "生日", Date), Of("address", "地址", Text, 300), Of("remark", "备注", LongText, 2000),
            .. Common, HubId, Custom("interests__c", "爱好", Choices) with { Options = ["art", "music", "sport", "travel"] }, Custom("points__c", "积分", Number),
            Custom("credit__c", "信用额度", Money), Custom("newsletter__c", "订阅", FieldKind.Boolean), Custom("last_visit__c", "最近拜访", FieldKind.DateTime),
        ]),
        new("LeadsObj", "销售线索",
        [
            Of("name", "姓名", Text, 100) with { Required = true }, Of("company", "公司", Text, 200), Of("mobile", "手机", Phone, 50), Of("tel", "电话", Phone, 50),
            Of("email", "邮件", Email, 100), Of("url", "网址", Url), Of("remark", "线索详情", LongText, 2000), Of("address", "地址", Text, 300),
            Of("source", "来源", Choice) with { Options = ["web", "fair", "call"] }, .. Common, HubId,
        ]),
        new("NewOpportunityObj", "商机2.0",
        [
            Of("name", "商机名称", Text, 200) with { Required = true }, To("account_id", "客户名称", "AccountObj"), Of("amount", "商机金额", Money), Of("close_date", "预计成交日期", Date),
            Of("sales_stage", "阶段", Choice) with { Options = ["1", "2", "3"] }, .. Common, HubId,
        ]),
        new("PersonnelObj", "人员", [Of("name", "姓名", Text, 100) with { Required = true }, Of("user_id", "员工编号", Text), Of("phone", "手机", Phone), Of("email", "邮件", Email), .. Common]),
        new("object_huiyuan__c", "会员卡",
        [
            Of("name", "卡号", Text, 100) with { Required = true }, Custom("level__c", "等级", Choice) with { Options = ["silver", "gold", "platinum"] },
            Custom("valid_until__c", "有效期", Date), To("contact__c", "持卡人", "ContactObj") with { Custom = true }, .. Common, HubId,
        ]),
    ];

    private static Field HubId => Custom("hub_id__c", "Hub编号", Text) with { Length = 100 };

    private static IEnumerable<Field> Common =>
    [
        Of(FxiaokeObject.Owner, "负责人", User), Of("record_type", "业务类型", Choice) with { Options = ["default__c"] },
        Of(FxiaokeObject.LifeStatus, "生命状态", Choice) with { ReadOnly = true, Options = ["normal", "ineffective", "under_review", "in_change", "invalid"] },
        Of(FxiaokeObject.LifeStatusBefore, "作废前生命状态", Text) with { ReadOnly = true }, Of(FxiaokeObject.LockStatus, "锁定状态", Choice) with { ReadOnly = true, Options = ["0", "1"] },
    ];

    private static Field Of(string name, string label, FieldKind kind, int length = 255) => new(name, kind) { Label = label, Length = length };

    private static Field To(string name, string label, string target) => new(name, Reference) { Label = label, Target = target };

    private static Field Custom(string name, string label, FieldKind kind) => new(name, kind) { Label = label, Custom = true };
}
