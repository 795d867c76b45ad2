using Crm.Integration.Sandbox.Salesforce;

namespace Crm.Integration.Sandbox;

/// <summary>The list of vendors: one line each, alphabetical.</summary>
internal static class AllVendors
{
    private static readonly (string Name, Func<TimeProvider, Vendor> Make)[] s_all =
    [
        ("fxiaoke", time => new Fxiaoke.FxiaokeVendor(time)),
        ("insightly", time => new Insightly.InsightlyVendor(time)),
        ("salesforce", time => new SalesforceVendor(time)),
        ("zoho", time => new Zoho.ZohoVendor(time)),
    ];

    public static IReadOnlyList<Vendor> Choose(IReadOnlyCollection<string>? names, TimeProvider time)
    {
        if (names?.FirstOrDefault(name => !s_all.Any(known => known.Name == name)) is { } unknown)
            throw new ArgumentException($"The sandbox does not play '{unknown}'. It plays {string.Join(", ", s_all.Select(known => known.Name))}.");

        return [.. s_all.Where(known => names?.Contains(known.Name) ?? true).Select(known => known.Make(time))];
    }
}
