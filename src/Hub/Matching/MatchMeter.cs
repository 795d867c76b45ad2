using System.Diagnostics;

namespace Crm.Integration.Hub.Matching;

/// <summary>The parts of matching that are timed.</summary>
internal enum MatchStage
{
    /// <summary>Reads what waits.</summary>
    Read,

    /// <summary>Makes records comparable and finds their keys.</summary>
    Prepare,

    /// <summary>Asks and writes the index of keys.</summary>
    Keys,

    /// <summary>Reads the candidates.</summary>
    LookUp,

    /// <summary>Scores pairs.</summary>
    Score,

    /// <summary>Keeps pairs.</summary>
    Edges,

    /// <summary>Grows neighbourhoods.</summary>
    Neighbourhood,

    /// <summary>Cuts them into customers.</summary>
    Solve,

    /// <summary>Writes masters, memberships and questions.</summary>
    Write,

    /// <summary>Commits.</summary>
    Commit,
}

/// <summary>Where the time of matching goes, and how many pairs it looks at; for <c>hub bench match</c>.</summary>
internal sealed class MatchMeter
{
    private readonly long[] _ticks = new long[Enum.GetValues<MatchStage>().Length];
    private long _since;

    /// <summary>Records matched.</summary>
    public long Records { get; set; }

    /// <summary>Pairs scored.</summary>
    public long Scored { get; set; }

    /// <summary>Pairs kept.</summary>
    public long Kept { get; set; }

    /// <summary>The time a stage took.</summary>
    public TimeSpan this[MatchStage stage] => Stopwatch.GetElapsedTime(0, _ticks[(int)stage]);

    /// <summary>The time of all stages.</summary>
    public TimeSpan Total => Stopwatch.GetElapsedTime(0, _ticks.Sum());

    /// <summary>What comes now is no stage's.</summary>
    public void Start() => _since = Stopwatch.GetTimestamp();

    /// <summary>What happened since the last call was this stage's.</summary>
    public void Ends(MatchStage stage)
    {
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)stage] += now - _since;
        _since = now;
    }
}
