using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Service;

/// <summary>
/// The configuration the service goes by now. What has begun under one goes on under it to its end; what begins later takes the newest.
/// </summary>
/// <param name="first">The configuration at the start.</param>
internal sealed class LiveConfiguration(HubConfiguration first)
{
    private volatile HubConfiguration _current = first;

    /// <summary>The newest configuration that was read without a mistake.</summary>
    public HubConfiguration Current => _current;

    /// <summary>Is told of each new configuration, after it has become the current one. Takes little time and throws nothing.</summary>
    public event Action<HubConfiguration>? Changed;

    /// <summary>Puts another configuration in the place of the current one.</summary>
    /// <param name="next">Read and checked; of the same hub folder and the same store.</param>
    public void Replace(HubConfiguration next)
    {
        _current = next;
        Changed?.Invoke(next);
    }
}
