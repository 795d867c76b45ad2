using System.Text;
using Crm.Integration.Sandbox.Insightly;
using Crm.Integration.Sandbox.Tests.Frame;

namespace Crm.Integration.Sandbox.Tests.Insightly;

/// <summary>An Insightly instance to call, with its key.</summary>
internal sealed class InsightlyAccount : IAsyncDisposable
{
    private InsightlyAccount(Playground playground, HandClock clock) => (Playground, Clock) = (playground, clock);

    public Playground Playground { get; }
    public HandClock Clock { get; }

    public static async Task<InsightlyAccount> OpenAsync(int records = 50)
    {
        var clock = new HandClock(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        return new InsightlyAccount(await Playground.OpenAsync(new InsightlyVendor(clock), records), clock);
    }

    public Task<Answer> GetAsync(string path) => CallAsync("GET", path);

    /// <summary>A call, a second after the one before: ten are allowed in each.</summary>
    public Task<Answer> CallAsync(string method, string path, string? body = null)
    {
        Clock.Advance(1);
        return CallNowAsync(method, path, body);
    }

    public Task<Answer> CallNowAsync(string method, string path, string? body = null) => AsAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("sandbox-api-key:")), method, path, body);

    public Task<Answer> AsAsync(string credentials, string method, string path, string? body = null) =>
        Playground.CallAsync(method, "/insightly/v3.1/" + path, body, ("Authorization", "Basic " + credentials));

    public ValueTask DisposeAsync() => Playground.DisposeAsync();
}
