namespace Crm.Integration.Hub.Cli;

/// <summary>How the program ends, for scripts and schedulers.</summary>
internal enum ExitCode
{
    /// <summary>Done; rejected records are part of that.</summary>
    Done = 0,

    /// <summary>It failed; what was committed stays.</summary>
    Failed = 1,

    /// <summary>The command line or the configuration is wrong; nothing was begun.</summary>
    Usage = 2,

    /// <summary>A limit stopped it, and a person is asked; or a quota is used up, and a later run goes on.</summary>
    Stopped = 3,

    /// <summary>A person cancelled it (128 + SIGINT, as shells expect).</summary>
    Cancelled = 130,
}
