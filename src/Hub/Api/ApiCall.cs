using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Api;

/// <summary>A request to the API: who asks, what configuration it goes by, and a view into the store that is closed with it.</summary>
/// <param name="context">Where the request is found.</param>
/// <param name="live">The configuration.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="lifetime">Tells when the service is asked to stop.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class ApiCall(
    IHttpContextAccessor context, LiveConfiguration live, StoreEngine engine, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    // A caller that waits has a limit of its own; it is told who holds the store and may ask again.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private HubView? _view;

    /// <summary>The request.</summary>
    public HttpContext Http => context.HttpContext!;

    /// <summary>The configuration, the same from begin to end.</summary>
    public HubConfiguration Configuration { get; } = live.Current;

    /// <summary>Who asks.</summary>
    public Caller Caller => Caller.Of(Http);

    /// <summary>The time.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The store's engine.</summary>
    public StoreEngine Engine => engine;

    /// <summary>The log.</summary>
    public ILogger Log { get; } = loggers.CreateLogger("hub.api");

    /// <summary>The store, for looking.</summary>
    public HubView View => _view ??= HubView.Open(Configuration, engine, clock);

    /// <summary>Ends what only reads: nobody listens any more.</summary>
    public CancellationToken Gone => Http.RequestAborted;

    /// <summary>Ends what writes: the service is asked to stop. A caller that goes away changes nothing about what it has asked for.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Carries out what the caller decides.</summary>
    public StewardRun Steward() => new(Configuration, Caller.Name, () => HubView.Open(Configuration, engine, clock), clock, Log) { Wait = s_patience };

    /// <summary>Says in the log who is waited for.</summary>
    public void SayWaiting(string holder) => Log.LogInformation("waiting for {Holder}", holder);

    /// <inheritdoc/>
    public void Dispose() => _view?.Dispose();
}
