namespace Crm.Integration.Hub.Service.Installation;

/// <summary>The commands by which Windows is told of the service.</summary>
internal static class WindowsService
{
    /// <summary>The calls of <c>sc.exe</c> that install and start it.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Install(ServicePlan plan)
    {
        List<string> create = ["create", plan.Name, "binPath=", CommandLine(plan), "start=", "delayed-auto", "DisplayName=", $"hub ({plan.Name})"];
        if (plan.User is { } user)
            create.AddRange(["obj=", user]);
        return
        [
            create,
            ["description", plan.Name, $"Keeps customer data the same everywhere: {plan.Folder}"],
            // Again after 5 seconds, however often; the count begins anew each day.
            ["failure", plan.Name, "reset=", "86400", "actions=", "restart/5000/restart/5000/restart/60000"],
            ["start", plan.Name],
        ];
    }

    /// <summary>The calls of <c>sc.exe</c> that stop and remove it.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Uninstall(string name) => [["stop", name], ["delete", name]];

    /// <summary>A call as it is typed.</summary>
    public static string Typed(IReadOnlyList<string> call) => "sc.exe " + string.Join(' ', call.Select(Quote));

    private static string CommandLine(ServicePlan plan) => string.Join(' ', plan.Command.Append("--hub").Append(plan.Folder).Append("serve").Select(Quote));

    private static string Quote(string text) =>
        text.Length > 0 && text.IndexOfAny([' ', '\t', '"']) < 0 ? text : "\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
