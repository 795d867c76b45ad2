using System.Diagnostics;
using Crm.Integration.Mapping.Matching;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class ClusterSolverTests
{
    private static readonly MatchSettings s_settings = new();

    [Fact]
    public void Strong_pairs_join() => Assert.Equal([0, 0, 1], Solve(3, [(0, 1, 15)], []));

    [Fact]
    public void A_pair_in_the_review_band_does_not_join() => Assert.Equal([0, 1], Solve(2, [(0, 1, 6)], []));

    [Fact]
    public void A_chain_of_weak_links_does_not_join_two_strong_clusters() =>
        Assert.Equal([0, 0, 0, 1, 1, 1], Solve(6, [(0, 1, 18), (1, 2, 18), (0, 2, 18), (3, 4, 18), (4, 5, 18), (3, 5, 18), (2, 3, 11)], []));

    [Fact]
    public void A_bridge_that_the_others_do_not_contradict_joins() =>
        Assert.Equal([0, 0, 0], Solve(3, [(0, 1, 18), (1, 2, 18)], [], (_, _) => new PairScore(-4, MatchGuard.None)));

    [Fact]
    public void A_guard_between_any_two_members_keeps_clusters_apart() =>
        Assert.Equal([0, 0, 1], Solve(3, [(0, 1, 20), (1, 2, 15)], [], (_, _) => new PairScore(12, MatchGuard.DifferentId)));

    [Fact]
    public void One_wrong_id_does_not_tear_a_customer_when_most_vouch_for_the_record()
    {
        Assert.Equal([0, 0, 0, 0], Solve(4, [(0, 1, 20), (1, 2, 20), (0, 2, 20), (1, 3, 18), (2, 3, 18)], [], (_, _) => new PairScore(5, MatchGuard.DifferentId)));
        Assert.Equal([0, 0, 1, 1], Solve(4, [(0, 1, 20), (2, 3, 20), (1, 3, 18), (1, 2, 18)], [], (_, _) => new PairScore(5, MatchGuard.DifferentId)));
    }

    [Fact]
    public void Father_and_son_take_more_to_be_one_than_a_wrong_year() =>
        Assert.Equal([0, 0, 0, 1], Solve(4, [(0, 1, 20), (1, 2, 20), (0, 2, 20), (1, 3, 18), (2, 3, 18)], [], (_, _) => new PairScore(5, MatchGuard.Generation)));

    [Fact]
    public void A_person_is_never_a_company_whoever_vouches_for_it() =>
        Assert.Equal([0, 0, 0, 0, 1], Solve(5, [(0, 1, 20), (1, 2, 20), (0, 2, 20), (0, 3, 20), (1, 3, 20), (2, 3, 20), (1, 4, 30), (2, 4, 30), (3, 4, 30)], [], (_, _) => new PairScore(5, MatchGuard.PersonAndCompany)));

    [Fact]
    public void Two_established_customers_join_on_good_evidence_in_which_all_records_agree() =>
        Assert.Equal([0, 0, 0, 0], Solve(4, [(0, 1, 25), (2, 3, 25), (0, 2, 12.5), (1, 2, 8), (0, 3, 8), (1, 3, 8)], []));

    [Fact]
    public void A_name_mistyped_beyond_knowing_joins_when_most_members_vouch_for_it()
    {
        Assert.Equal([0, 0, 1], Solve(3, [(0, 1, 20), (1, 2, 20)], [], (_, _) => new PairScore(5, MatchGuard.DifferentName)));
        Assert.Equal([0, 0, 0, 0], Solve(4, [(0, 1, 20), (1, 2, 20), (0, 2, 20), (1, 3, 18), (2, 3, 18)], [], (_, _) => new PairScore(5, MatchGuard.DifferentName)));
    }

    [Fact]
    public void What_only_a_household_shares_does_not_part_a_cluster() =>
        Assert.Equal([0, 0, 0], Solve(3, [(0, 1, 20), (1, 2, 15)], [], (_, _) => new PairScore(2, MatchGuard.SharedOnly)));

    [Fact]
    public void A_steward_joins_what_scores_and_guards_forbid() =>
        Assert.Equal([0, 0], Solve(2, [], [new(0, 1, true)], (_, _) => new PairScore(-20, MatchGuard.DifferentId)));

    [Fact]
    public void A_steward_parts_what_scores_join() => Assert.Equal([0, 1], Solve(2, [(0, 1, 25)], [new(0, 1, false)]));

    [Fact]
    public void Different_outweighs_same() => Assert.Equal([0, 1], Solve(2, [(0, 1, 25)], [new(0, 1, true), new(1, 0, false)]));

    [Fact]
    public void Different_holds_between_all_members() => Assert.Equal([0, 0, 1], Solve(3, [(0, 1, 25), (1, 2, 15), (0, 2, 15)], [new(0, 2, false)]));

    [Fact]
    public void At_most_one_record_of_a_duplicate_free_connection_joins()
    {
        var nodes = new[] { new ClusterNode(1, "shop"), new ClusterNode(2, "erp"), new ClusterNode(3, "erp") };
        var edges = new[] { Edge(0, 1, 15), Edge(0, 2, 15) };
        var clusters = ClusterSolver.Solve(nodes, edges, [], (_, _) => new PairScore(15, MatchGuard.None), s_settings with { DuplicateFree = ["erp"] });
        Assert.Equal([0, 0, 1], clusters);
    }

    [Fact]
    public void Five_hundred_records_take_no_time()
    {
        var random = new Random(1);
        var edges = Enumerable.Range(0, 4000).Select(_ => (random.Next(500), random.Next(500), 5.0 + random.Next(20))).Where(edge => edge.Item1 != edge.Item2).ToArray();
        Solve(500, edges, []);
        var asked = 0;
        var watch = Stopwatch.StartNew();
        Solve(500, edges, [], (_, _) =>
        {
            asked++;
            return new PairScore(-3, MatchGuard.None);
        });
        Assert.True(asked < 110_000, $"{asked} pairs were asked for");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.ElapsedMilliseconds} ms");
    }

    /// <summary>Cliques as large as the limit on keys allows, each sharing some records with the next: one shop's mailboxes.</summary>
    [Theory]
    [InlineData(18.0, 1)]
    [InlineData(11.0, 400)]
    public void Twenty_thousand_records_in_one_piece_are_solved_in_near_linear_time(double bits, int leastClusters)
    {
        const int Count = 20_000, Clique = 50, Step = 40;
        var edges = new List<(int A, int B, double Bits)>();
        for (var start = 0; start < Count; start += Step)
        {
            for (var a = start; a < Math.Min(Count, start + Clique); a++)
            {
                for (var b = a + 1; b < Math.Min(Count, start + Clique); b++)
                    edges.Add((a, b, a >= start + Step || b < start + Step ? 18 : bits));
            }
        }

        var asked = 0;
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var clusters = Solve(Count, [.. edges], [], (_, _) =>
        {
            asked++;
            return new PairScore(leastClusters > 1 ? -10 : 2, MatchGuard.None);
        });
        TestContext.Current.SendDiagnosticMessage($"{watch.ElapsedMilliseconds} ms, {asked} asked, {(GC.GetTotalAllocatedBytes() - before) >> 20} MB, {clusters.Max() + 1} clusters");
        Assert.True(clusters.Max() + 1 >= leastClusters, $"{clusters.Max() + 1} clusters");
        Assert.True(asked < Count * 200, $"{asked} pairs were asked for");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void One_record_that_thousands_resemble_does_not_take_quadratic_time()
    {
        var asked = 0;
        var clusters = Solve(5000, [.. Enumerable.Range(1, 4999).Select(other => (0, other, 16.0))], [], (_, _) =>
        {
            asked++;
            return new PairScore(1, MatchGuard.None);
        });
        Assert.Equal(0, clusters.Max());
        Assert.True(asked < 2_000_000, $"{asked} pairs were asked for");
    }

    [Fact]
    public void A_record_that_fits_father_and_son_alike_joins_neither() =>
        Assert.Equal([0, 1, 2], Solve(3, [(0, 1, 11), (1, 2, 11.3)], [], (_, _) => new PairScore(2, MatchGuard.Namesakes)));

    [Fact]
    public void A_record_that_fits_one_of_two_clearly_better_joins_that_one() =>
        Assert.Equal([0, 1, 1], Solve(3, [(0, 1, 11), (1, 2, 25)], [], (_, _) => new PairScore(2, MatchGuard.Namesakes)));

    [Fact]
    public void Two_customers_on_clear_evidence_of_their_own_are_not_joined_by_name_and_home() =>
        Assert.Equal([0, 0, 1, 1], Solve(4, [(0, 1, 25), (2, 3, 25), (0, 2, 11), (1, 2, 11), (0, 3, 11), (1, 3, 11)], []));

    [Fact]
    public void The_order_of_nodes_and_edges_does_not_matter() => Prop.ForAll(Arb.From(Components()), component =>
    {
        var (count, scores, judgements, seed) = component;
        var straight = Partition(Enumerable.Range(0, count).ToArray(), scores, judgements, new Random(0));
        var order = Enumerable.Range(0, count).ToArray();
        new Random(seed).Shuffle(order);
        return straight.SetEquals(Partition(order, scores, judgements, new Random(seed)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void What_stewards_said_is_kept() => Prop.ForAll(Arb.From(Components()), component =>
    {
        var (count, scores, judgements, _) = component;
        var clusters = Clusters(count, scores, judgements);
        var different = judgements.Where(judgement => !judgement.Same).ToList();
        if (different.Exists(judgement => clusters[judgement.A] == clusters[judgement.B]))
            return false;
        // With nothing against it every "same" holds.
        return different.Count > 0 || judgements.All(judgement => clusters[judgement.A] == clusters[judgement.B]);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Clusters_are_numbered_by_their_lowest_node() => Prop.ForAll(Arb.From(Components()), component =>
    {
        var clusters = Clusters(component.Count, component.Scores, component.Judgements);
        var seen = 0;
        return clusters.All(cluster => cluster < seen || cluster == seen++);
    }).QuickCheckThrowOnFailure();

    private static Gen<(int Count, double[] Scores, ClusterJudgement[] Judgements, int Seed)> Components() =>
        from count in Gen.Choose(2, 8)
        from scores in Gen.Choose(-10, 22).Select(bits => (double)bits).ArrayOf(count * count)
        from judgements in (from a in Gen.Choose(0, count - 1)
                            from step in Gen.Choose(1, count - 1)
                            from same in Gen.Elements(true, false)
                            select new ClusterJudgement(a, (a + step) % count, same)).ArrayOf().Select(all => all.Take(3).ToArray())
        from seed in Gen.Choose(1, 1000)
        select (count, scores, judgements, seed);

    private static PairScore ScoreOf(double[] scores, int count, int a, int b)
    {
        var bits = scores[(Math.Min(a, b) * count) + Math.Max(a, b)];
        return new PairScore(bits, bits is 7 or 13 ? MatchGuard.Twins : MatchGuard.None);
    }

    private static int[] Clusters(int count, double[] scores, ClusterJudgement[] judgements)
    {
        var edges = from a in Enumerable.Range(0, count)
                    from b in Enumerable.Range(a + 1, count - a - 1)
                    where ScoreOf(scores, count, a, b).Bits >= 3.2
                    select new ClusterEdge(a, b, ScoreOf(scores, count, a, b));
        return ClusterSolver.Solve([.. Enumerable.Range(0, count).Select(node => new ClusterNode(node, "x"))], [.. edges], judgements, (a, b) => ScoreOf(scores, count, a, b), s_settings);
    }

    /// <summary>The clusters as sets of record ids, with the nodes handed over in a given order and the rest shuffled.</summary>
    private static HashSet<string> Partition(int[] order, double[] scores, ClusterJudgement[] judgements, Random random)
    {
        var count = order.Length;
        var place = new int[count];
        for (var i = 0; i < count; i++)
            place[order[i]] = i;
        var edges = (from a in Enumerable.Range(0, count)
                     from b in Enumerable.Range(a + 1, count - a - 1)
                     where ScoreOf(scores, count, a, b).Bits >= 3.2
                     select new ClusterEdge(place[a], place[b], ScoreOf(scores, count, a, b))).ToArray();
        random.Shuffle(edges);
        var said = judgements.Select(judgement => new ClusterJudgement(place[judgement.A], place[judgement.B], judgement.Same)).ToArray();
        random.Shuffle(said);
        var clusters = ClusterSolver.Solve([.. order.Select(node => new ClusterNode(node, "x"))], edges, said, (a, b) => ScoreOf(scores, count, order[a], order[b]), s_settings);
        return [.. clusters.Zip(order).GroupBy(pair => pair.First).Select(group => string.Join(',', group.Select(pair => pair.Second).Order()))];
    }

    private static int[] Solve(int count, (int A, int B, double Bits)[] edges, ClusterJudgement[] judgements, Func<int, int, PairScore>? score = null) =>
        ClusterSolver.Solve(
            [.. Enumerable.Range(0, count).Select(node => new ClusterNode(node + 1, "crm"))],
            [.. edges.Select(edge => Edge(edge.A, edge.B, edge.Bits))],
            judgements,
            score ?? ((_, _) => new PairScore(-10, MatchGuard.None)),
            s_settings);

    private static ClusterEdge Edge(int a, int b, double bits) => new(a, b, new PairScore(bits, MatchGuard.None));
}
