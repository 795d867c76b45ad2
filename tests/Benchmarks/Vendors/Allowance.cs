using System.Text.Json.Nodes;

namespace Crm.Integration.Benchmarks.Vendors;

/// <summary>A call that the sandbox saw.</summary>
internal sealed record SeenCall(DateTimeOffset At, TimeSpan Took, string Path)
{
    public static IReadOnlyList<SeenCall> Read(JsonNode? log) =>
        [.. log!.AsArray().Select(call => new SeenCall((DateTimeOffset)call!["at"]!, TimeSpan.FromMilliseconds((long)call["ms"]!), ((string)call["path"]!).Split('?')[0]))];
}

/// <summary>What a vendor allows, and how much of it was used.</summary>
internal abstract record Allowance
{
    public abstract string Text { get; }

    /// <summary>What was achieved, and its share of what could have been.</summary>
    public abstract (string Achieved, double Share) Of(IReadOnlyList<SeenCall> calls);
}

/// <summary>So many calls in any window. What could have been: the shortest time in which so many calls are allowed at all.</summary>
/// <param name="Calls">Calls in a window.</param>
/// <param name="Window">The window.</param>
/// <param name="EachInterface">Whether each address has a window of its own; the busiest counts.</param>
internal sealed record Paced(int Calls, TimeSpan Window, bool EachInterface) : Allowance
{
    public override string Text => FormattableString.Invariant($"{Calls} calls in {Window.TotalSeconds:0} s{(EachInterface ? ", each interface" : "")}");

    public override (string Achieved, double Share) Of(IReadOnlyList<SeenCall> calls)
    {
        var busiest = (EachInterface ? calls.GroupBy(call => call.Path) : calls.GroupBy(_ => "")).MaxBy(group => group.Count())!.OrderBy(call => call.At).ToList();
        var took = busiest[^1].At - busiest[0].At;
        var shortest = Window * ((busiest.Count - 1) / Calls);
        return (FormattableString.Invariant($"{busiest.Count} calls in {took.TotalSeconds:0.0} s, at best {shortest.TotalSeconds:0.0} s"), shortest / took);
    }
}

/// <summary>So many calls at the same time: how many were, on average, from the first to the beginning of the last.</summary>
/// <param name="Calls">Calls at the same time.</param>
/// <param name="Path">What the addresses of the calls contain that are looked at.</param>
internal sealed record AtOnce(int Calls, string Path) : Allowance
{
    public override string Text => $"{Calls} large writes at the same time";

    public override (string Achieved, double Share) Of(IReadOnlyList<SeenCall> calls)
    {
        var own = calls.Where(call => call.Path.Contains(Path, StringComparison.Ordinal)).OrderBy(call => call.At).ToList();
        var end = own[^1].At;
        var busy = own.Sum(call => ((call.At + call.Took < end ? call.At + call.Took : end) - call.At).TotalSeconds);
        var average = busy / (end - own[0].At).TotalSeconds;
        return (FormattableString.Invariant($"{average:0.0} on average"), average / Calls);
    }
}

/// <summary>So many calls a day, some of which are left to others.</summary>
/// <param name="Calls">Calls a day.</param>
/// <param name="Reserve">The share that is left.</param>
internal sealed record PerDay(int Calls, double Reserve) : Allowance
{
    public override string Text => FormattableString.Invariant($"{Calls} calls a day, {Reserve:0 %} of them left to others");

    public override (string Achieved, double Share) Of(IReadOnlyList<SeenCall> calls)
    {
        var counted = calls.Count(call => !call.Path.Contains("/oauth2/", StringComparison.Ordinal));
        return (FormattableString.Invariant($"{counted} calls, then a pause"), counted / (Calls * (1 - Reserve)));
    }
}
