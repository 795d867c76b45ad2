using System.Globalization;
using System.Text;

namespace Crm.Integration.Hub.Service.Installation;

/// <summary>
/// The unit by which systemd runs the service: started with the machine, started again when it fails, and shut in: it writes to the hub folder and to nothing else.
/// </summary>
internal static class SystemdUnit
{
    /// <summary>Where the unit of a service lies.</summary>
    public static string PathOf(string name) => $"/etc/systemd/system/{name}.service";

    /// <summary>The file with the variables that <c>${env:NAME}</c> reads.</summary>
    public static string EnvironmentOf(string name) => $"/etc/{name}.env";

    /// <summary>The text of the unit.</summary>
    public static string Text(ServicePlan plan)
    {
        string[] places = [plan.Folder, .. plan.Writable];
        string[] seen = [.. places, .. plan.Command];
        var homes = seen.Any(path => Below(path, "/home") || Below(path, "/root") || Below(path, "/run/user"));
        var temporary = seen.Any(path => Below(path, "/tmp") || Below(path, "/var/tmp"));
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return $"""
            # Written by `hub service install`. What is to be different belongs into a drop-in: `systemctl edit {plan.Name}`.
            [Unit]
            Description=hub: customer data of {Plain(plan.Folder)}
            Wants=network-online.target
            After=network-online.target
            # It is to be left alone for a year: a database that is away for an hour must not end it for good.
            StartLimitIntervalSec=0

            [Service]
            Type=notify
            ExecStart={string.Join(' ', plan.Command.Append("--hub").Append(plan.Folder).Append("serve").Select(Quote))}
            ExecReload=/bin/kill -HUP $MAINPID
            WorkingDirectory={Plain(plan.Folder)}
            {(plan.User is null ? "" : $"User={plan.User}\n")}# The variables of ${"{env:NAME}"} in configuration files: NAME=value, a line each; readable by root only.
            EnvironmentFile=-{EnvironmentOf(plan.Name)}
            {(root is null ? "" : $"Environment={Quote("DOTNET_ROOT=" + root)}\n")}Restart=on-failure
            RestartSec=5
            # A mistake in the configuration is not put right by starting again.
            RestartPreventExitStatus=2
            # It stops at a checkpoint within 30 seconds.
            TimeoutStopSec=35
            KillMode=mixed
            LimitNOFILE=65536
            UMask=0077

            # It needs the network, its folder, and nothing else of the machine.
            NoNewPrivileges=true
            ProtectSystem=strict
            ReadWritePaths={string.Join(' ', places.Select(Quote))}
            ProtectHome={(homes ? "read-only" : "true")}
            PrivateTmp={(temporary ? "false" : "true")}
            PrivateDevices=true
            ProtectClock=true
            ProtectControlGroups=true
            ProtectHostname=true
            ProtectKernelLogs=true
            ProtectKernelModules=true
            ProtectKernelTunables=true
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
            RestrictNamespaces=true
            RestrictRealtime=true
            RestrictSUIDSGID=true
            LockPersonality=true
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            CapabilityBoundingSet={(plan.LowPort ? "CAP_NET_BIND_SERVICE" : "")}
            AmbientCapabilities={(plan.LowPort ? "CAP_NET_BIND_SERVICE" : "")}

            [Install]
            WantedBy=multi-user.target

            """.ReplaceLineEndings("\n");
    }

    private static bool Below(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    // A percent sign begins a specifier, also outside of quotes.
    private static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quote(string text)
    {
        if (text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or '='))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '%' => quoted.Append("%%"),
                '$' => quoted.Append("$$"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }
}
