using System.Globalization;
using System.Text;
using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Benchmarks.Nightly;

/// <summary>The ERP's file of samples/nightly: people of the sandbox, as an old ERP would write them.</summary>
internal static class DebtorExport
{
    private const int Seed = 1, First = 10, Count = 80;

    public static int Make(string folder)
    {
        var csv = new StringBuilder("DEBTOR;NAME1;NAME2;BORN;EMAIL;TEL;CHANGED\n");
        for (var i = First; i < First + Count; i += 2)
        {
            var person = new Person(Seed, i);
            // Older than all that the sandbox makes up, so that what the CRMs say counts.
            var changed = new DateOnly(2024, 1, 1).AddDays(person.Below(300, 90));
            csv.Append(CultureInfo.InvariantCulture, $"{400_000 + i:0000000000};{person.Family.ToUpperInvariant()};{person.Given.ToUpperInvariant()};{person.Born:dd.MM.yyyy};{person.Email?.ToUpperInvariant()};{person.Phone};{changed:dd.MM.yyyy}\n");
        }

        File.WriteAllText(Path.Combine(folder, "in", "debtors.csv"), csv.ToString());
        return 0;
    }
}
