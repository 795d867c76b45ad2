using System.Net;
using Crm.Integration.Sandbox.Control;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;

namespace Crm.Integration.Sandbox;

/// <summary>
/// The running sandbox: each vendor under the path prefix <c>/{vendor}</c>, what steers it under <c>/_sandbox/{vendor}</c>. It listens on
/// 127.0.0.1 alone, since its credentials are printed in its documentation. All state is in memory and ends with it.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly IReadOnlyList<Vendor> _vendors;

    private SandboxHost(WebApplication application, IReadOnlyList<Vendor> vendors)
    {
        _application = application;
        _vendors = vendors;
        Address = new Uri(application.Urls.First());
    }

    /// <summary>Where it listens, for example <c>http://127.0.0.1:7070/</c>; a vendor's API is below it: <c>new Uri(Address, "salesforce")</c>.</summary>
    public Uri Address { get; }

    /// <summary>The names of the vendors that are played, which are also their path prefixes.</summary>
    public IReadOnlyList<string> Vendors => [.. _vendors.Select(vendor => vendor.Name)];

    /// <summary>Starts the sandbox on a port (0: any free one), with all vendors on the system's clock.</summary>
    public static Task<SandboxHost> StartAsync(int port, CancellationToken cancellationToken) =>
        StartAsync(port, vendors: null, TimeProvider.System, cancellationToken);

    /// <summary>Starts the sandbox.</summary>
    /// <param name="port">The port on 127.0.0.1; 0 takes any free one.</param>
    /// <param name="vendors">Which vendors to play; null plays all.</param>
    /// <param name="time">The clock of all vendors and of all waiting; a test shares its own with the connector under test.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">A vendor is named that the sandbox does not play.</exception>
    public static Task<SandboxHost> StartAsync(int port, IReadOnlyCollection<string>? vendors, TimeProvider time, CancellationToken cancellationToken) =>
        StartAsync(port, AllVendors.Choose(vendors, time), cancellationToken);

    internal static async Task<SandboxHost> StartAsync(int port, IReadOnlyList<Vendor> vendors, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            // The vendors have limits of their own, with answers of their own.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 256 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));

        var application = builder.Build();
        application.Use(new Gatekeeper(vendors).InvokeAsync);
        foreach (var vendor in vendors)
        {
            vendor.Start(new SeedPlan(People: 100, Seed: 1, First: 0, vendor.Clock.GetUtcNow()));
            vendor.Map(application.MapGroup("/" + vendor.Name));
        }

        ControlApi.Map(application, vendors);
        FrontPage.Map(application, vendors);

        await application.StartAsync(cancellationToken);
        return new SandboxHost(application, vendors);
    }

    /// <summary>Returns when Ctrl-C or a termination signal has ended the program.</summary>
    public Task WaitForShutdownAsync() => _application.WaitForShutdownAsync();

    /// <summary>Stops listening; calls under way get a second to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        foreach (var vendor in _vendors)
            vendor.Webhooks.Dispose();
    }
}
