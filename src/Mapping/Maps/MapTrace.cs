namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// Watches a map at work for the coverage report of mapping tests: which values were lost or cut, and which branches no
/// row ever took. A map that is bound without a trace pays nothing for it.
/// </summary>
public sealed class MapTrace
{
    private readonly List<BranchTrace> _branches = [];
    private readonly Dictionary<(string Field, TraceLoss Loss), (long Count, string? Function)> _losses = [];
    private readonly Lock _lock = new();

    /// <summary>The branches of <c>if</c> and <c>??</c> that no row took so far.</summary>
    public IReadOnlyList<UntakenBranch> UntakenBranches
    {
        get
        {
            lock (_lock)
                return [.. _branches.SelectMany(branch => branch.Untaken())];
        }
    }

    /// <summary>The fields that lost something, each with how often and, where it is known, at which function.</summary>
    public IReadOnlyList<FieldLoss> Losses
    {
        get
        {
            lock (_lock)
                return [.. _losses.Select(pair => new FieldLoss(pair.Key.Field, pair.Key.Loss, pair.Value.Function, pair.Value.Count))];
        }
    }

    internal BranchTrace Branch(string field, IReadOnlyList<(int Offset, int Length, string Text)> branches)
    {
        var trace = new BranchTrace(field, branches);
        lock (_lock)
            _branches.Add(trace);
        return trace;
    }

    internal void Lost(string field, TraceLoss loss, string? function)
    {
        lock (_lock)
        {
            var before = _losses.GetValueOrDefault((field, loss));
            _losses[(field, loss)] = (before.Count + 1, before.Function ?? function);
        }
    }
}

/// <summary>A branch that no row took.</summary>
/// <param name="Field">The entity field whose expression it is in; empty for expressions of no field.</param>
/// <param name="Offset">Where the branch begins in the expression.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Text">The branch as it is written.</param>
public sealed record UntakenBranch(string Field, int Offset, int Length, string Text);

/// <summary>A field that lost something on its way through its expression.</summary>
/// <param name="Field">The entity field.</param>
/// <param name="Loss">What happened.</param>
/// <param name="Function">The function at which it first happened, or null.</param>
/// <param name="Count">In how many rows (for cuts and losses inside a list: how many values).</param>
public sealed record FieldLoss(string Field, TraceLoss Loss, string? Function, long Count);

/// <summary>How a value can suffer.</summary>
public enum TraceLoss
{
    /// <summary>Something went into a function, and nothing came out.</summary>
    Lost,

    /// <summary>A function cut the text off.</summary>
    Cut,

    /// <summary>The result could not be converted to the type of its field.</summary>
    NotConverted,
}

/// <summary>Counts which branches of one <c>if</c> or <c>??</c> were taken.</summary>
internal sealed class BranchTrace(string field, IReadOnlyList<(int Offset, int Length, string Text)> branches)
{
    private readonly bool[] _taken = new bool[branches.Count];

    public void Took(int branch) => _taken[branch] = true;

    public IEnumerable<UntakenBranch> Untaken()
    {
        for (var i = 0; i < branches.Count; i++)
        {
            if (!_taken[i])
                yield return new UntakenBranch(field, branches[i].Offset, branches[i].Length, branches[i].Text);
        }
    }
}
