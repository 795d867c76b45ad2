using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary><c>hub.json</c>.</summary>
public sealed record HubSettings
{
    /// <summary>Where the hub keeps what it knows.</summary>
    [Description("Where the hub keeps what it knows.")]
    public StoreSettings Store { get; init; } = new();

    /// <summary>What a run may do without being asked.</summary>
    [Description("What a run may do without being asked. A pipeline may have limits of its own.")]
    public LimitSettings Limits { get; init; } = new();

    /// <summary>What is assumed where a source does not say.</summary>
    [Description("What is assumed where a source does not say.")]
    public DefaultSettings Defaults { get; init; } = new();

    /// <summary>Logging.</summary>
    [Description("Logging.")]
    public LogSettings Log { get; init; } = new();

    /// <summary>The service.</summary>
    [Description("What `hub serve` goes by.")]
    public ServiceSettings Service { get; init; } = new();
}

/// <summary>Where the hub keeps what it knows.</summary>
public sealed record StoreSettings
{
    /// <summary>The engine.</summary>
    [Description("The engine. `sqlite` needs nothing installed.")]
    public StoreProvider Provider { get; init; } = StoreProvider.Sqlite;

    /// <summary>How to reach it.</summary>
    [Description("How to reach it. For SQLite a file, relative to the hub folder; for PostgreSQL `Host=…;Database=…;Username=…;Password=${env:NAME}`, with `Search Path=…` for another schema than `hub`.")]
    public string ConnectionString { get; init; } = "Data Source=data/hub.db";
}

/// <summary>A database engine.</summary>
public enum StoreProvider
{
    /// <summary>SQLite.</summary>
    [Description("SQLite, embedded: one file in the hub folder.")]
    Sqlite,

    /// <summary>PostgreSQL.</summary>
    [Description("PostgreSQL 13 or later, on a server.")]
    Postgresql,

    /// <summary>SQL Server.</summary>
    [Description("SQL Server 2019 or later, or Azure SQL: a database of a server, everything in its schema `hub`.")]
    Sqlserver,
}

/// <summary>What a run may do without being asked.</summary>
public sealed record LimitSettings
{
    /// <summary>The most changes to a destination.</summary>
    [Description("The most records that a run may change at a destination, in percent of those it has there."), Range(0, 100)]
    public double ChangePercent { get; init; } = 20;

    /// <summary>The most deletes.</summary>
    [Description("The most records that a run may delete at a destination, or see disappear from a source, in percent."), Range(0, 100)]
    public double DeletePercent { get; init; } = 10;

    /// <summary>Always allowed.</summary>
    [Description("So many changes and deletes are always allowed, so that small sets do not stop at the first edit."), Range(0, 1000000)]
    public int AlwaysAllowed { get; init; } = 10;

    /// <summary>The most rejected rows.</summary>
    [Description("The share of rows that may be rejected before the run stops, in percent: more means that the source or the mapping is broken."), Range(0, 100)]
    public double RejectPercent { get; init; } = 50;
}

/// <summary>What is assumed where a source does not say.</summary>
public sealed record DefaultSettings
{
    /// <summary>Country.</summary>
    [Description("The country (ISO 3166-1 alpha-2) of phone numbers and postal codes without one.")]
    public string? Country { get; init; }

    /// <summary>Time zone.</summary>
    [Description("The time zone (IANA) of date-times without an offset, and of schedules.")]
    public string TimeZone { get; init; } = "UTC";
}

/// <summary>Logging.</summary>
public sealed record LogSettings
{
    /// <summary>Level.</summary>
    [Description("The least level that is logged.")]
    public LogDetail Level { get; init; } = LogDetail.Information;

    /// <summary>Folder.</summary>
    [Description("The folder of rolling JSON log files, relative to the hub folder; null for none.")]
    public string? Folder { get; init; } = "data/logs";

    /// <summary>Days.</summary>
    [Description("How many days of log files are kept."), Range(1, 3650)]
    public int KeepDays { get; init; } = 30;
}

/// <summary>How much is logged.</summary>
public enum LogDetail
{
    /// <summary>Everything, for hunting a fault.</summary>
    [Description("Everything, for hunting a fault.")]
    Debug,

    /// <summary>What happens.</summary>
    [Description("What happens.")]
    Information,

    /// <summary>What someone should look at.</summary>
    [Description("What someone should look at.")]
    Warning,

    /// <summary>What failed.</summary>
    [Description("What failed.")]
    Error,
}
