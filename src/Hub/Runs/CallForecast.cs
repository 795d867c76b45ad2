namespace Crm.Integration.Hub.Runs;

/// <summary>What a pipeline's work costs at a system that counts calls.</summary>
/// <param name="Connection">The connection whose account pays.</param>
/// <param name="Cost">Calls or credits.</param>
/// <param name="Unit">What they are.</param>
/// <param name="Left">How many are left of 24 hours; null when nobody knows.</param>
/// <param name="Limit">How many there are; null when nobody knows.</param>
/// <param name="Reserve">How many of them are kept for people and other programs.</param>
internal sealed record CallForecast(string Connection, long Cost, string Unit, long? Left, long? Limit, long Reserve)
{
    /// <summary>Whether it can be done with what is left now.</summary>
    public bool Fits => Left is not { } left || Cost <= left - Reserve;

    /// <summary>Whether it can be done in 24 hours at all.</summary>
    public bool EverFits => Limit is not { } limit || Cost <= limit - Reserve;
}
