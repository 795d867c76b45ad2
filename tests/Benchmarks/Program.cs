using Crm.Integration.Benchmarks;
using Crm.Integration.Benchmarks.Generator;
using Crm.Integration.Benchmarks.Matching;
using Crm.Integration.Benchmarks.Vendors;
using Crm.Integration.Benchmarks.Nightly;
using Crm.Integration.Benchmarks.Service;
using Crm.Integration.Benchmarks.Webhooks;
using Crm.Integration.Benchmarks.Worlds;

return args switch
{
    ["make-quickstart", var folder] => MadeUpCompany.MakeQuickstart(folder),
    ["make-nightly", var folder] => DebtorExport.Make(folder),
    ["make-data", var folder, .. var options] => MadeUpCompany.MakeData(folder, options),
    ["figures", .. var options] => await Figures.RunAsync(options),
    ["make-world", var folder, .. var options] => WorldFolder.Make(folder, options),
    ["quality", .. var options] => QualityTable.Run(options),
    ["match", .. var options] => MatchMeasurement.Run(options),
    ["connectors", .. var options] => await VendorRates.RunAsync(options),
    ["hooks", .. var options] => await HookBenchmark.RunAsync(options),
    ["hooks-load", .. var options] => await LoadGenerator.RunAsync(options),
    ["hooks-bare", var file] => await BareServer.RunAsync(file),
    ["idle", .. var options] => await IdleMeasurement.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/Benchmarks -- WHAT
          make-quickstart DIR                   the input of samples/quickstart, byte for byte
          make-nightly DIR                      the debtors of samples/nightly, byte for byte
          make-data DIR [--rows N] [--seed N]   the same company, larger, for the speed benchmark
          figures …                             all that the documentation quotes: quality and speed, every set, every engine
          make-world DIR …                      a hub folder with a made-up world and its truth, for measuring the whole program
          quality …                             how right the shipped defaults are, on made-up and on public labelled data
          match …                               the matcher alone, against a truth file
          connectors …                          push rates against what vendors allow, and the largest pull, on the sandbox
          hooks …                               webhooks taken, verified and durable, beside a bare program; or killed while they come in
          idle …                                how quickly `hub serve` starts, and the memory it holds when it has nothing to do
        """);
    return 2;
}
