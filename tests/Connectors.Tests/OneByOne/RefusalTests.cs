using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.OneByOne;

public sealed class RefusalTests
{
    [Fact]
    public void Values_of_the_record_do_not_come_back_in_the_message()
    {
        var write = Pushes.Create(1, "C1", "Jane O'Hara", Value.List("jane@example.com", "张三丰"), Value.Date(new DateOnly(1980, 2, 3)));

        var words = Refusal.WithoutValues("EMAIL 'JANE@example.com' of Jane O'Hara (张三丰), born 1980-02-03, exists", write);

        Assert.Equal("EMAIL '…' of … (…), born …, exists", words);
    }

    [Fact]
    public void A_long_message_is_cut() =>
        Assert.Equal(301, Refusal.WithoutValues(new string('x', 5000), Pushes.Create(1, "C1")).Length);
}
