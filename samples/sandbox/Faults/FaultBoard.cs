using Crm.Integration.Sandbox.Traffic;

namespace Crm.Integration.Sandbox.Faults;

/// <summary>The faults in force. Chance is seeded anew with every replacement: the same calls meet the same faults.</summary>
internal sealed class FaultBoard
{
    private readonly Lock _gate = new();
    private List<Armed> _armed = [];
    private Random _chance = new(1);

    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (_gate)
                return [.. _armed.Select(armed => armed.Fault)];
        }
    }

    public void Replace(IEnumerable<Fault> faults)
    {
        lock (_gate)
        {
            _armed = [.. faults.Select(fault => new Armed(fault))];
            _chance = new Random(1);
        }
    }

    /// <summary>A fault that is a state and not an event: in force until the faults are replaced.</summary>
    public Fault? Standing(string kind) => StandingAll(kind) is [var first, ..] ? first : null;

    public IReadOnlyList<Fault> StandingAll(string kind)
    {
        lock (_gate)
            return _armed.Count == 0 ? [] : [.. _armed.Where(armed => armed.Fault.Kind == kind).Select(armed => armed.Fault)];
    }

    /// <summary>The fault of this kind that strikes a call to this path, counted as used; null when none does.</summary>
    public Fault? Take(string path, string kind) => Take(path, fault => fault.Kind == kind);

    /// <summary>The first fault on the way that strikes this call.</summary>
    public Fault? TakeTransport(string path, CallKind kind) => Take(path, fault => FaultKinds.Transport.Contains(fault.Kind) && fault.Kind switch
    {
        // An answer is worth losing when something was done; other calls can be named by their path.
        "lose-answer" => kind == CallKind.Write || fault.Path is not null,
        "limit" or "daily-limit" => kind is CallKind.Read or CallKind.Write,
        _ => true,
    });

    private Fault? Take(string path, Func<Fault, bool> fits)
    {
        lock (_gate)
        {
            foreach (var armed in _armed)
            {
                if (armed.Left > 0 && fits(armed.Fault) && (armed.Fault.Path is not { } part || path.Contains(part, StringComparison.OrdinalIgnoreCase)) && Strikes(armed))
                    return armed.Fault;
            }

            return null;
        }
    }

    private bool Strikes(Armed armed)
    {
        if (armed.ToSkip > 0)
        {
            armed.ToSkip--;
            return false;
        }

        if (armed.Fault.Probability is { } probability && _chance.NextDouble() >= probability)
            return false;

        armed.Left--;
        return true;
    }

    private sealed class Armed(Fault fault)
    {
        public Fault Fault { get; } = fault;

        // Tokens that expire at every call would be no fault but the end of the API: this one strikes once unless told otherwise.
        public long Left { get; set; } = fault.Count ?? (fault.Kind == "expire-token" ? 1 : long.MaxValue);

        public int ToSkip { get; set; } = fault.After ?? 0;
    }
}
