using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>Fxiaoke (纷享销客, ShareCRM) by its OpenAPI v2.</summary>
internal sealed class FxiaokeConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "fxiaoke",
        Summary = "Fxiaoke (纷享销客, ShareCRM): customers, contacts, leads and all other objects, those of the company's own too.",
        SettingsType = typeof(FxiaokeSettings),
        Capabilities = ConnectorCapabilities.Discover | ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Webhook | ConnectorCapabilities.OptimisticConcurrency,
        Deletes = DeleteStrategy.Swept,
        // There is no upsert; a lost answer is looked up by the key before anything is sent again.
        IdempotentCreate = false,
        Hosts = ["open.fxiaoke.com", "open-hwcloud.fxiaoke.com", "open-ale.fxiaoke.com", "open-hws.fxiaoke.com", "open-ksc.sharecrm.com", "open-na.sharecrm.com"],
        Limits = new AccountLimits { RequestsPerWindow = 100, Window = TimeSpan.FromSeconds(20), ReadPage = FxiaokeApi.MostRecords },
        Streams =
        [
            Traits("AccountObj", "客户 · customers: companies, and people where you keep them so."),
            Traits("ContactObj", "联系人 · contacts."),
            Traits("LeadsObj", "销售线索 · leads."),
            Traits("NewOpportunityObj", "商机2.0 · deals."),
            Traits("SalesOrderObj", "销售订单 · orders."),
            Traits("*", "Any other object, by its API name; those of the company's own end in __c."),
        ],
        Guide = FxiaokeGuide.Text,
    };

    public IConnection Open(object settings, ConnectionContext context) => new FxiaokeConnection((FxiaokeSettings)settings, context, Declaration);

    private static StreamTraits Traits(string name, string summary) => new(name)
    {
        KeyField = FxiaokeObject.Id,
        CursorField = FxiaokeObject.Modified,
        Writable = true,
        Summary = summary,
    };
}
