using Crm.Integration.Hub.Matching;

namespace Crm.Integration.Hub.Tests.Pipelines;

public sealed class KeySlicesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Slices_hold_every_hash_once(int count)
    {
        var slices = KeyIndex.Slices(count).ToList();

        Assert.Equal(count, slices.Count);
        Assert.Equal(long.MinValue, slices[0].First);
        Assert.Equal(long.MaxValue, slices[^1].Last);
        Assert.All(slices.Zip(slices.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.All(slices, slice => Assert.True(slice.First < slice.Last));
    }
}
