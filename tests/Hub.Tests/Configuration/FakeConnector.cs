using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Tests.Configuration;

/// <summary>A connector with a setting of every kind.</summary>
internal sealed class FakeConnector(string name, bool push = true) : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = name,
        Summary = "Speaks to nobody.",
        SettingsType = typeof(FakeSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.Discover | (push ? ConnectorCapabilities.Push : ConnectorCapabilities.None),
        Deletes = DeleteStrategy.AbsentFromSnapshot,
        IdempotentCreate = true,
    };

    public IConnection Open(object settings, ConnectionContext context) => throw new NotSupportedException("reading a configuration opens no connection");
}

public sealed record FakeSettings
{
    [Description("The folder.")]
    public required string Folder { get; init; }

    [Description("The password."), Secret]
    public string? Password { get; init; }

    [Description("Records per page."), Range(1, 200)]
    public int PageSize { get; init; } = 100;

    [Description("How it is coded.")]
    public FakeEncoding Encoding { get; init; } = FakeEncoding.Auto;

    [Description("Whether there is a header.")]
    public bool Header { get; init; } = true;

    [Description("Patterns.")]
    public IReadOnlyList<string> Patterns { get; init; } = ["*.csv"];

    [Description("The share.")]
    public double? Share { get; init; }

    [Description("One sign.")]
    public char Quote { get; init; } = '"';

    [Description("Retries.")]
    public FakeRetry Retry { get; init; } = new();
}

public sealed record FakeRetry
{
    [Description("How often."), Range(0, 10)]
    public int Attempts { get; init; } = 3;
}

public enum FakeEncoding
{
    [Description("Found out.")]
    Auto,
    [Description("UTF-8.")]
    Utf8,
}
