namespace Crm.Integration.Connectors.Certification;

/// <summary>How far a connector is proven.</summary>
public enum CertificationLevel
{
    /// <summary>Not even reading is proven.</summary>
    None,

    /// <summary>It reads.</summary>
    Bronze,

    /// <summary>It reads in production: incrementally, at the limits, through failures.</summary>
    Silver,

    /// <summary>It reads, writes and takes webhooks in production.</summary>
    Gold,
}
