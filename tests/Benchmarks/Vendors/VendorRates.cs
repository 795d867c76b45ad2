using System.Globalization;

namespace Crm.Integration.Benchmarks.Vendors;

/// <summary>How near connectors come to what vendors allow, and how fast the largest pull is.</summary>
internal static class VendorRates
{
    private const string Usage = """
        usage: connectors [--vendor NAME] [--rows N] [--only pull|push]
          --vendor   one of salesforce, zoho, insightly, fxiaoke; without it all
          --rows     contacts that are pulled from Salesforce by a bulk job (1,000,000); 0 for none
          --only     measures the one and not the other
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (vendor, rows, only) = ("", 1_000_000, "");
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--vendor" when PushCase.All.Any(push => push.Vendor == value): vendor = value; break;
                case "--rows" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rows): break;
                case "--only" when value is "pull" or "push": only = value; break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        // First, so that the process's peak of memory is the pull's own.
        if (rows > 0 && only != "push" && (vendor is "" or "salesforce"))
            await BulkPullMeasurement.RunAsync(rows, Console.Out, CancellationToken.None);
        if (only == "pull")
            return 0;
        Console.WriteLine();
        Console.WriteLine("| vendor | allowed | achieved | share | violations | records | records/s |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|");
        foreach (var push in PushCase.All.Where(push => vendor.Length == 0 || push.Vendor == vendor))
            await PushMeasurement.RunAsync(push, Console.Out, CancellationToken.None);
        return 0;
    }
}
