using System.Diagnostics;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Benchmarks.Matching;

/// <summary>The matcher at work on records in memory: all at once, or one after another as they would arrive.</summary>
internal sealed class Resolution
{
    private Matcher _matcher;
    private readonly List<MatchFeatures> _features = [];
    private readonly List<MatchKey[]> _keys = [];
    private readonly Dictionary<ulong, long> _terms = [];
    private readonly HashSet<(int, int)> _candidates = [];
    private readonly List<ClusterEdge> _edges = [];
    private readonly IReadOnlyList<EntityRecord> _records;
    private readonly IReadOnlyList<(string Source, string Id)> _ids;

    public Resolution(EntityType type, MatchSettings settings, IReadOnlyList<EntityRecord> records, IReadOnlyList<(string Source, string Id)> ids)
    {
        _matcher = new Matcher(type, settings);
        _records = records;
        _ids = ids;
        // The tables are read at the first record; that is not the matcher's pace.
        _matcher.Keys(_matcher.Extract(records[0]), []);
    }

    public TimeSpan Extracting { get; private set; }

    public TimeSpan Keying { get; private set; }

    public TimeSpan Scoring { get; private set; }

    public TimeSpan Solving { get; private set; }

    public IReadOnlyCollection<(int A, int B)> Candidates => _candidates;

    public Dictionary<MatchKeyKind, int> TooCommon { get; } = [];

    public double KeysPerRecord => _keys.Average(keys => keys.Length);

    public TermFrequencies Frequencies => new(_terms, _records.Count);

    public IReadOnlyList<MatchFeatures> Features => _features;

    /// <summary>By kind of key: how many a record, pairs that meet by it, and true pairs that meet by it alone.</summary>
    public IEnumerable<(MatchKeyKind Kind, double Each, int Pairs, int Alone)> KeyWorth(IReadOnlyList<int> customers)
    {
        var kinds = new Dictionary<(int, int), ulong>();
        foreach (var group in _keys.SelectMany((keys, record) => keys.Select(key => (key, record))).GroupBy(item => item.key))
        {
            var members = group.Select(item => item.record).ToArray();
            if (members.Length > _matcher.Settings.KeyLimit)
                continue;
            for (var i = 0; i < members.Length; i++)
            {
                for (var j = i + 1; j < members.Length; j++)
                    kinds[(members[i], members[j])] = kinds.GetValueOrDefault((members[i], members[j])) | (1UL << (int)group.Key.Kind);
            }
        }

        return Enum.GetValues<MatchKeyKind>().Select(kind => (kind,
            _keys.Average(keys => (double)keys.Count(key => key.Kind == kind)),
            kinds.Values.Count(bits => (bits & (1UL << (int)kind)) != 0),
            kinds.Count(pair => pair.Value == 1UL << (int)kind && customers[pair.Key.Item1] == customers[pair.Key.Item2])));
    }

    public Matcher Matcher => _matcher;

    public int Reviews { get; private set; }

    public int[] Batch()
    {
        Prepare();
        var byKey = new Dictionary<ulong, List<int>>();
        for (var i = 0; i < _keys.Count; i++)
        {
            foreach (var key in _keys[i])
            {
                if (!byKey.TryGetValue(key.Hash, out var members))
                    byKey.Add(key.Hash, members = []);
                members.Add(i);
                if (members.Count == _matcher.Settings.KeyLimit + 1)
                    TooCommon[key.Kind] = TooCommon.GetValueOrDefault(key.Kind) + 1;
            }
        }

        foreach (var members in byKey.Values.Where(members => members.Count > 1 && members.Count <= _matcher.Settings.KeyLimit))
        {
            for (var i = 0; i < members.Count; i++)
            {
                for (var j = i + 1; j < members.Count; j++)
                    _candidates.Add((members[i], members[j]));
            }
        }

        var frequencies = Frequencies;
        Learn(frequencies);
        var watch = Stopwatch.StartNew();
        foreach (var (a, b) in _candidates)
        {
            var score = _matcher.Score(_features[a], _features[b], frequencies);
            if (score.Bits >= ReviewBits)
                _edges.Add(new ClusterEdge(a, b, score));
        }

        Scoring = watch.Elapsed;
        return Solve(frequencies);
    }

    /// <summary>Each record meets those that came before; only the component that it touches is solved again.</summary>
    public int[] Stream()
    {
        Prepare();
        _terms.Clear();
        var byKey = new Dictionary<ulong, List<int>>();
        var groups = new Groups(_records.Count);
        var terms = new List<ulong>();
        for (var i = 0; i < _records.Count; i++)
        {
            terms.Clear();
            _matcher.Terms(_features[i], terms);
            foreach (var term in terms)
                _terms[term] = _terms.GetValueOrDefault(term) + 1;
            var frequencies = new TermFrequencies(_terms, i + 1);
            foreach (var key in _keys[i])
            {
                if (!byKey.TryGetValue(key.Hash, out var members))
                    byKey.Add(key.Hash, members = []);
                if (members.Count < _matcher.Settings.KeyLimit)
                {
                    foreach (var other in members.Where(other => _candidates.Add((other, i))))
                    {
                        var score = _matcher.Score(_features[other], _features[i], frequencies);
                        if (score.Bits < ReviewBits)
                            continue;
                        _edges.Add(new ClusterEdge(other, i, score));
                        groups.Join(other, i);
                    }
                }

                members.Add(i);
            }
        }

        return Solve(Frequencies);
    }

    /// <summary>Learns as the hub does.</summary>
    private void Learn(TermFrequencies frequencies)
    {
        if (_matcher.Settings.Weights == MatchWeights.Shipped)
            return;
        var estimator = new ModelEstimator(_matcher, frequencies);
        var shuffled = Enumerable.Range(0, _features.Count).OrderBy(i => ContentHash.Of($"{_ids[i].Source}/{_ids[i].Id}")).ToArray();
        for (var step = 1; step <= Math.Min(Math.Min(60, (shuffled.Length - 1) / 2), 200_000 / shuffled.Length); step++)
        {
            for (var i = 0; i < shuffled.Length; i++)
                estimator.AddAtRandom(_features[shuffled[i]], _features[shuffled[(i + step) % shuffled.Length]]);
        }

        foreach (var (a, b) in _candidates)
            estimator.AddMeeting(_features[a], _features[b]);
        _matcher = _matcher.With(estimator.Estimate(_records.Count, 0.5 * _records.Count * (_records.Count - 1.0)).Model);
    }

    private double ReviewBits => Math.Log2(_matcher.Settings.Review / (1 - _matcher.Settings.Review));

    private void Prepare()
    {
        var watch = Stopwatch.StartNew();
        foreach (var record in _records)
            _features.Add(_matcher.Extract(record));
        Extracting = watch.Elapsed;
        watch.Restart();
        var keys = new List<MatchKey>();
        foreach (var features in _features)
        {
            keys.Clear();
            _matcher.Keys(features, keys);
            _keys.Add([.. keys]);
        }

        Keying = watch.Elapsed;
        var terms = new List<ulong>();
        foreach (var features in _features)
        {
            terms.Clear();
            _matcher.Terms(features, terms);
            foreach (var term in terms)
                _terms[term] = _terms.GetValueOrDefault(term) + 1;
        }
    }

    private int[] Solve(TermFrequencies frequencies)
    {
        var watch = Stopwatch.StartNew();
        var groups = new Groups(_records.Count);
        foreach (var edge in _edges)
            groups.Join(edge.A, edge.B);
        var components = Enumerable.Range(0, _records.Count).GroupBy(groups.Find).ToDictionary(group => group.Key, group => group.ToList());
        var edges = _edges.GroupBy(edge => groups.Find(edge.A)).ToDictionary(group => group.Key, group => group.ToList());
        var clusters = new int[_records.Count];
        var next = 0;
        foreach (var (root, members) in components.OrderBy(pair => pair.Key))
        {
            if (members.Count == 1)
            {
                clusters[members[0]] = next++;
                continue;
            }

            var index = members.Select((node, at) => (node, at)).ToDictionary(pair => pair.node, pair => pair.at);
            var solved = ClusterSolver.Solve(
                [.. members.Select(node => new ClusterNode(node, _ids[node].Source))],
                [.. edges[root].Select(edge => new ClusterEdge(index[edge.A], index[edge.B], edge.Score))],
                [],
                (a, b) => _matcher.Score(_features[members[a]], _features[members[b]], frequencies),
                _matcher.Settings);
            for (var i = 0; i < solved.Length; i++)
                clusters[members[i]] = next + solved[i];
            next += solved.Max() + 1;
        }

        Solving = watch.Elapsed;
        // One question settles all pairs between two customers, as in the hub.
        Reviews = _edges.Where(edge => clusters[edge.A] != clusters[edge.B] && _matcher.Settings.IsQuestion(edge.Score))
            .Select(edge => (Math.Min(clusters[edge.A], clusters[edge.B]), Math.Max(clusters[edge.A], clusters[edge.B]))).Distinct().Count();
        return clusters;
    }
}
