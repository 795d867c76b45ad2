using System.Buffers;
using System.Reflection;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class FeatureBytesTests
{
    [Theory]
    [InlineData("name.given=Anna Maria; name.family=van der Velde-Müller; email=anna@acme.example; phone=+4915112345670; birthDate=1971-06-24")]
    [InlineData("name.full=欧阳文雨; company=杭州金中信息技术有限公司; address.line=12 Main Street; address.postalCode=02103; address.city=Boston")]
    [InlineData("name.full=Karl Hill Jr.; gender=m; nationalId=AB 12 34 56; taxId=DE123456788; email=info@acme.example")]
    [InlineData("company=Penhale Textiles Ltd.")]
    [InlineData("address.city=Boston")]
    public void Features_come_back_as_they_were(string fields)
    {
        var features = Person(fields);
        var bytes = new ArrayBufferWriter<byte>();
        new FeatureBytes(BuiltInModel.Customer).Write(features, bytes);

        var back = new FeatureBytes(BuiltInModel.Customer).Read(bytes.WrittenSpan);

        Assert.NotNull(back);
        foreach (var property in typeof(MatchFeatures).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRef))
            Assert.Equivalent(property.GetValue(features), property.GetValue(back), strict: true);
        Assert.Equal(features.Company.Words, back.Company.Words);
        Assert.Equal(features.Name, back.Name);
        Assert.Equal(features.Address, back.Address);
    }

    [Fact]
    public void What_another_model_made_is_not_read()
    {
        var bytes = new ArrayBufferWriter<byte>();
        new FeatureBytes(BuiltInModel.Customer).Write(Person("name.given=Anna; name.family=Hall"), bytes);
        var other = new EntityType("customer", "C", EntityKind.Person, [new EntityField("name.given", FieldType.Text, "") { Role = FieldRole.FullName }]);
        Assert.Null(new FeatureBytes(other).Read(bytes.WrittenSpan));
    }
}
