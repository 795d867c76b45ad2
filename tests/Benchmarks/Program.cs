using Crm.Integration.Benchmarks.Matching;

return args switch
{
    ["match", .. var options] => MatchMeasurement.Run(options),
    _ => 0,
};
