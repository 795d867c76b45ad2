namespace Crm.Integration.Benchmarks.Generator;

/// <summary>A made-up person as they really are; the systems know only parts of it, and not without mistakes.</summary>
internal sealed record Person
{
    public required string Id { get; init; }

    public required bool Man { get; init; }

    public required string Given { get; init; }

    public string? Middle { get; init; }

    public required string Family { get; init; }

    /// <summary>Family and given name in Chinese characters.</summary>
    public (string Family, string Given)? Han { get; init; }

    public string? Suffix { get; init; }

    public required DateOnly Birth { get; init; }

    public required Address Home { get; init; }

    /// <summary>Where they lived before <see cref="MovedOn"/>.</summary>
    public Address? FormerHome { get; init; }

    public DateOnly MovedOn { get; init; }

    /// <summary>What they were called before <see cref="MarriedOn"/>.</summary>
    public string? FormerFamily { get; init; }

    public DateOnly MarriedOn { get; init; }

    public required Phone Mobile { get; init; }

    public Phone? Landline { get; init; }

    public required string Email { get; init; }

    public string? OtherEmail { get; init; }

    public Firm? Firm { get; init; }
}

/// <summary>A made-up company.</summary>
internal sealed record Firm(string Id, string Name, string? HanName, string Domain, Address Seat, Phone Switchboard, string VatNumber);
