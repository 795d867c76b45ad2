using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>Tests of systems that are read and written, two as a rule.</summary>
public abstract class TwoWaySubject<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private protected TwoWayHub Hub { get; } = new(new TStore());

    public void Dispose()
    {
        Hub.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected (Crm A, Crm B) Pair() => (Hub.Add(new Crm("a", Hub.Clock)), Hub.Add(new Crm("b", Hub.Clock)));

    /// <summary>Two systems that both know Ann.</summary>
    private protected async Task<(Crm A, Crm B)> TogetherAsync()
    {
        var (a, b) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await Hub.SettleAsync();
        return (a, b);
    }
}
