namespace Crm.Integration.Sandbox.Traffic;

/// <summary>What a call to a vendor is, for counting, limits and faults.</summary>
internal enum CallKind
{
    /// <summary>Costs nothing and is not counted, such as the discovery of versions or the download of a finished file.</summary>
    Free,

    /// <summary>Asks for a token; the vendor counts those it gives (<see cref="Counters.Token"/>).</summary>
    Token,

    /// <summary>Changes no record, whatever its method is.</summary>
    Read,

    /// <summary>May change records.</summary>
    Write,
}
