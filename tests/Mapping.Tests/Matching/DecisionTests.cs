using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Model;
using static Crm.Integration.Mapping.Tests.Matching.Samples;

namespace Crm.Integration.Mapping.Tests.Matching;

public sealed class DecisionTests
{
    private static readonly double s_link = Math.Log2(0.999 / 0.001);

    [Theory]
    [InlineData("same mailbox and name", "name.given=Anna; name.family=Smith; email=anna.smith@gmail.com", "name.given=Anna; name.family=Smith; email=annasmith@gmail.com")]
    [InlineData("name, birth date and home, two digits of the id off", "name.full=Anna Featherstone; birthDate=1971-06-24; address.line=12 Main St; address.city=Boston; nationalId=A9445847", "name.full=Anna Featherstone; birthDate=1971-06-24; address.line=12 Main St; address.city=Boston; nationalId=A1445867")]
    [InlineData("former family name", "name.given=Anna; name.family=Smith; email=annas77@gmail.com", "name.given=Anna; name.family=Kowalski; email=annas77@gmail.com")]
    [InlineData("name missing, mailbox bears it", "name.given=Anna; name.family=Featherstone; email=anna.featherstone@gmail.com", "email=anna.featherstone@gmail.com")]
    [InlineData("nickname and mobile", "name.given=Robert; name.family=Featherstone; phone=+447911234569", "name.given=Bob; name.family=Featherstone; phone=07911 234569")]
    [InlineData("name and birth date", "name.given=Lachlan; name.family=Berry; birthDate=1971-06-24", "name.given=Lachlan; name.family=Berry; birthDate=1971-06-24")]
    [InlineData("pinyin and mobile", "name.given=文雨; name.family=叶; phone=+8617135745982", "name.full=Ye Wenyu; phone=171 3574 5982")]
    [InlineData("traditional characters and mailbox", "name.full=劉偉明; email=lwm77@qq.com", "name.full=刘伟明; email=lwm77@qq.com")]
    [InlineData("family name first", "name.full=Featherstone, Anna; phone=+4915112345670", "name.full=Anna Featherstone; phone=+4915112345670")]
    [InlineData("home and name", "name.given=Ursula; name.family=Eichhofer; address.line=Schulstr. 243; address.postalCode=10096; address.city=Berlin", "name.given=Ursula; name.family=Eichhofer; address.line=Schulstraße 243; address.postalCode=10096; address.city=Berlin")]
    [InlineData("one mailbox, names in letters that cannot be compared", "name.given=시우; name.family=조; email=cho77@naver.com", "name.full=Siwoo Cho; email=cho77@naver.com")]
    [InlineData("a slip in the mailbox, same name", "name.full=Karl Smith; email=ksmith77@gmail.com", "name.full=Karl Smith; email=ksmth77@gmail.com")]
    [InlineData("name parted at another place, one mailbox", "name.given=健太; name.family=田中; email=ktanaka@gmail.com", "name.given=太田中; name.family=健; email=ktanaka@gmail.com")]
    [InlineData("home and name, one firm, mail at work and at home", "name.full=Rebecca Mitchell; company=Atlas Logistics; email=rebecca.mitchell@atlaslogistics.com; phone=+493012987654; address.line=351 Sunset Blvd; address.postalCode=97220", "name.full=Rebecca Mitchell; company=Atlas Logistics Ltd; email=rm77@gmail.com; phone=+4915112345670; address.line=351 Sunset Blvd; address.postalCode=97220")]
    [InlineData("a very rare name", "name.full=Ottokar Featherstonehaugh", "name.full=Ottokar Featherstonehaugh")]
    [InlineData("name and narrow postal code", "name.full=Ursula Featherstone; address.postalCode=EH27 5DS", "name.full=Ursula Featherstone; address.postalCode=EH275DS")]
    public void One_person_is_linked(string why, string a, string b)
    {
        var score = Score(a, b);
        Assert.True(score.Guard == MatchGuard.None && score.Bits >= s_link, $"{why}: {Explain(a, b).Summary}");
    }

    [Theory]
    [InlineData("same common name", "name.given=John; name.family=Smith", "name.given=John; name.family=Smith")]
    [InlineData("couple with one mailbox", "name.given=Anna; name.family=Smith; email=thesmiths@gmail.com; address.line=12 Main St; address.city=Boston", "name.given=Karl; name.family=Smith; email=thesmiths@gmail.com; address.line=12 Main St; address.city=Boston")]
    [InlineData("colleagues", "name.given=Anna; name.family=Smith; company=Acme; email=info@acme.example; phone=+493012987654", "name.given=Karl; name.family=Jones; company=Acme; email=info@acme.example; phone=+493012987654")]
    [InlineData("one name, two birth dates", "name.given=John; name.family=Smith; birthDate=1971-06-24", "name.given=John; name.family=Smith; birthDate=1938-11-05")]
    [InlineData("father and son, two mailboxes", "name.full=Gael Vilrier; email=gael77@gmail.com; address.line=57 Rue du Moulin; address.postalCode=67073", "name.full=Gael Vilrier; email=vilrier.g@orange.fr; address.line=57 Rue du Moulin; address.postalCode=67073")]
    [InlineData("father and son, one called Jr.", "name.full=John Vilrier Jr.; address.line=12 Main St; address.city=Boston", "name.full=John Vilrier; address.line=12 Main St; address.city=Boston")]
    [InlineData("names alike and one mailbox at home", "name.full=Mary Hall; email=halls@gmail.com; address.line=12 Main St; address.city=Boston", "name.full=Gary Hall; email=halls@gmail.com; address.line=12 Main St; address.city=Boston")]
    [InlineData("placeholders", "name.given=Anna; name.family=Smith; email=test@test.com; phone=000000", "name.given=Anna; name.family=Smith; email=test@test.com; phone=000000")]
    [InlineData("brothers with one character in common", "name.full=刘文雨; address.line=中山路25号; address.city=成都", "name.full=刘文轩; address.line=中山路25号; address.city=成都")]
    [InlineData("same rare name, two homes", "name.full=Ottokar Featherstonehaugh; address.line=12 Main St; address.city=Boston", "name.full=Ottokar Featherstonehaugh; address.line=7 Elm St; address.city=Denver")]
    [InlineData("same rare name, two mailboxes", "name.full=Ottokar Featherstonehaugh; email=of77@gmail.com", "name.full=Ottokar Featherstonehaugh; email=bigotto@yahoo.com")]
    [InlineData("initial and home", "name.full=A. Featherstone; address.line=12 Main St; address.postalCode=02103", "name.full=Anna Featherstone; address.line=12 Main St; address.postalCode=02103")]
    public void Two_people_are_not_linked(string why, string a, string b)
    {
        var score = Score(a, b);
        Assert.True(score.Guard != MatchGuard.None || score.Bits < s_link, $"{why}: {Explain(a, b).Summary}");
    }

    [Theory]
    [InlineData(MatchGuard.DifferentId, "name.given=John; name.family=Smith; email=js@gmail.com; nationalId=AB123456", "name.given=John; name.family=Smith; email=js@gmail.com; nationalId=XY987654")]
    [InlineData(MatchGuard.Generation, "name.full=John Hall Sr; email=johnhall@gmail.com", "name.full=John Hall Jr; email=johnhall@gmail.com")]
    [InlineData(MatchGuard.Generation, "name.full=John Hall; birthDate=1938-11-05; address.line=12 Main St; address.city=Boston", "name.full=John Hall; birthDate=1971-06-24; address.line=12 Main St; address.city=Boston")]
    [InlineData(MatchGuard.Twins, "name.full=Anna Hall; birthDate=1971-06-24; address.line=12 Main St; address.city=Boston", "name.full=Clara Hall; birthDate=1971-06-24; address.line=12 Main St; address.city=Boston")]
    [InlineData(MatchGuard.DifferentName, "name.full=Anna Hall; phone=+493012987654", "name.full=Karl Hall; phone=+493012987654")]
    [InlineData(MatchGuard.Namesakes, "name.full=Karl Lundberg; phone=+4915112345670; address.line=Nygatan 86; address.postalCode=75480", "name.full=Karl Lundberg; phone=+4917698765432; address.line=Nygatan 86; address.postalCode=75480")]
    [InlineData(MatchGuard.SharedOnly, "name.family=Hall; address.line=12 Main St; address.city=Boston", "name.full=Karl Hall; address.line=12 Main St; address.city=Boston")]
    [InlineData(MatchGuard.PersonAndCompany, "name.full=Featherstone Logistics Ltd; phone=+447911234569", "name.given=Anna; name.family=Hall; phone=+447911234569")]
    [InlineData(MatchGuard.None, "name.full=John Hall; email=johnhall@gmail.com", "name.full=John Hall; email=johnhall@gmail.com")]
    public void A_guard_names_what_forbids_the_link(MatchGuard guard, string a, string b) => Assert.Equal(guard, Score(a, b).Guard);

    [Fact]
    public void A_guarded_pair_is_a_question_only_if_it_would_clearly_be_a_link()
    {
        var settings = new MatchSettings();
        Assert.True(settings.IsQuestion(new PairScore(settings.ReviewBits, MatchGuard.None)));
        Assert.False(settings.IsQuestion(new PairScore(settings.ReviewBits - 0.1, MatchGuard.None)));
        Assert.True(settings.IsQuestion(new PairScore(settings.LinkBits + 2, MatchGuard.Twins)));
        Assert.False(settings.IsQuestion(new PairScore(settings.LinkBits + 1.9, MatchGuard.Twins)));
    }

    [Fact]
    public void Nobody_is_asked_about_a_person_and_a_company_or_about_names_alone()
    {
        Assert.False(new MatchSettings().IsQuestion(new PairScore(30, MatchGuard.PersonAndCompany)));
        var score = new Matcher(BuiltInModel.Customer, new MatchSettings { Link = 0.9999, Review = 0.2 }).Score(Person("name.full=Ottokar Featherstonehaugh; address.city=Boston"), Person("name.full=Ottokar Featherstonehaugh; address.city=Boston"), TermFrequencies.None);
        Assert.Equal(MatchGuard.NameOnly, score.Guard);
        Assert.False(score.IsHeldBack);
        Assert.False(new MatchSettings { Review = 0.2 }.IsQuestion(score));
    }

    [Fact]
    public void A_name_alone_links_only_where_nothing_speaks_against_it()
    {
        var score = Score("name.full=Ottokar Featherstonehaugh", "name.full=Ottokar Featherstonehaugh");
        Assert.True(score.Guard == MatchGuard.None && score.Bits >= s_link);
        Assert.Equal(MatchGuard.NameOnly, Score("name.full=Ottokar Featherstonehaugh; phone=+4915112345670", "name.full=Ottokar Featherstonehaugh; phone=+493012987654").Guard);
    }

    [Theory]
    [InlineData("sofia", "fosia")]
    [InlineData("sofia", "fosiaa")]
    [InlineData("campbell", "cmbpaell")]
    public void Letters_in_disorder_are_the_same_letters(string a, string b) => Assert.True(Similarity.SameLetters(a, b) && Similarity.SameLetters(b, a));

    [Theory]
    [InlineData("amy", "may")]
    [InlineData("sofia", "fosix")]
    [InlineData("anna", "ana")]
    public void Short_words_and_other_letters_are_not(string a, string b) => Assert.False(Similarity.SameLetters(a, b) || Similarity.SameLetters(b, a));

    [Theory]
    [InlineData("name.full=Anna Hall")]
    [InlineData("name.full=A. Hall; address.city=Boston")]
    [InlineData("name.full=Ottokar Featherstonehaugh")]
    [InlineData("name.full=Ottokar Featherstonehaugh; address.line=12 Main St; address.postalCode=02103; address.city=Boston")]
    [InlineData("name.full=Ottokar Featherstonehaugh; address.line=12 Main St; address.postalCode=02103; address.city=Boston; phone=+493012987654")]
    [InlineData("name.full=Ottokar Featherstonehaugh; email=of77@gmail.com; phone=+493012987654; company=Acme Foods")]
    public void What_agrees_besides_never_lowers_the_score(string both)
    {
        string[] added = ["email=anna.h77@gmail.com", "phone=+4915112345670", "birthDate=1971-06-24", "address.line=12 Main St; address.postalCode=02103; address.city=Boston", "company=Acme Foods", "gender=F", "nationalId=AB123456"];
        var before = Score(both, both);
        foreach (var more in added.Where(more => !both.Contains(more.Split('=')[0], StringComparison.Ordinal)))
        {
            var after = Score($"{both}; {more}", $"{both}; {more}");
            Assert.True(after.Bits >= before.Bits - 1e-4 && (before.Guard != MatchGuard.None || after.Guard == MatchGuard.None), $"{more}: {Explain($"{both}; {more}", $"{both}; {more}").Summary}, {before.Bits} without");
        }
    }

    [Fact]
    public void The_same_name_alone_says_less_in_a_larger_store()
    {
        var record = Person("name.full=Ottokar Featherstonehaugh");
        var terms = new List<ulong>();
        People.Terms(record, terms);
        var bits = new[] { 10_000L, 50_000, 500_000 }.Select(records => People.Score(record, record, new TermFrequencies(terms.ToDictionary(term => term, _ => records / 2000), records)).Bits).ToArray();
        Assert.Equal(bits.OrderDescending(), bits);
        Assert.True(bits[2] < bits[0] - 2.5, string.Join(' ', bits));
    }

    [Theory]
    [InlineData("name.full=Anna Featherstone; birthDate=1971-06-24")]
    [InlineData("name.full=Karl Lundberg; address.line=Nygatan 86; address.postalCode=75480")]
    public void A_pair_scores_nearly_the_same_in_a_small_store_and_in_a_large_one(string person)
    {
        var terms = new List<ulong>();
        People.Terms(Person(person), terms);
        var counts = terms.ToDictionary(term => term, _ => 3L);
        var small = People.Score(Person(person), Person(person), new TermFrequencies(counts, 100)).Bits;
        var large = People.Score(Person(person), Person(person), new TermFrequencies(counts, 10_000)).Bits;
        Assert.True(small >= s_link && large >= s_link);
        Assert.InRange(Math.Abs(small - large), 0, 3.5);
    }

    [Theory]
    [InlineData("name and site", "name=Featherstone Logistics Ltd; website=https://www.featherstone.example/en; phone=+447911234569", "name=Featherstone Logistics; website=featherstone.example; phone=07911 234569")]
    [InlineData("name and tax id", "name=Featherstone GmbH; taxId=DE123456788", "name=Featherstone; taxId=123456788")]
    [InlineData("Chinese and English name at one phone", "name=杭州金中信息技术有限公司; phone=+8657187654321", "name=Hangzhou Jinzhong Information Technology; phone=0571-87654321")]
    public void One_organisation_is_linked(string why, string a, string b)
    {
        var score = FirmScore(a, b);
        Assert.True(score.Guard == MatchGuard.None && score.Bits >= s_link, $"{why}: {score}");
    }

    [Theory]
    [InlineData(MatchGuard.Branches, "name=Featherstone Holding AG; website=featherstone.example", "name=Featherstone AG; website=featherstone.example")]
    [InlineData(MatchGuard.DifferentId, "name=Featherstone GmbH; taxId=DE123456788", "name=Featherstone GmbH; taxId=DE987654321")]
    [InlineData(MatchGuard.SharedOnly, "name=Featherstone; website=featherstone.example; phone=+493012987654; address.line=12 Main St; address.city=Berlin", "name=Featherstone; website=featherstone.example; phone=+498912345671; address.line=4 Ring; address.city=Munich")]
    [InlineData(MatchGuard.SharedOnly, "name=Featherstone; address.line=12 Main St; address.city=Boston", "name=Kowalski; address.line=12 Main St; address.city=Boston")]
    public void A_guard_keeps_organisations_apart(MatchGuard guard, string a, string b) => Assert.Equal(guard, FirmScore(a, b).Guard);

    [Fact]
    public void A_company_that_was_entered_like_a_person_is_known_when_it_meets_itself()
    {
        var score = Score("company=Northern Coffee Ltd; phone=+493012987654; address.line=12 Main St; address.city=Boston", "name.full=Northern Coffee; phone=+493012987654; address.line=12 Main St; address.city=Boston");
        Assert.Equal(MatchGuard.None, score.Guard);
        Assert.True(score.Bits >= s_link);
    }

    [Fact]
    public void A_rare_family_name_counts_for_more_than_a_common_one()
    {
        var rare = Score("name.family=Featherstonehaugh", "name.family=Featherstonehaugh").Bits;
        var common = Score("name.family=Smith", "name.family=Smith").Bits;
        Assert.True(rare > common + 3);
    }

    [Fact]
    public void A_name_that_the_store_has_often_counts_for_less_there()
    {
        var record = Person("name.given=Anna; name.family=Featherstone");
        var terms = new List<ulong>();
        People.Terms(record, terms);
        var often = new TermFrequencies(terms.ToDictionary(term => term, _ => 900L), 1000);
        var never = new TermFrequencies(new Dictionary<ulong, long>(), 1000);
        Assert.True(People.Score(record, record, often).Bits < People.Score(record, record, never).Bits - 3);
    }

    [Fact]
    public void A_larger_store_asks_for_more_evidence()
    {
        var record = Person("name.given=Anna; email=anna77@gmail.com");
        var terms = new List<ulong>();
        People.Terms(record, terms);
        var small = People.Score(record, record, new TermFrequencies(terms.ToDictionary(term => term, _ => 4L), 1_000)).Bits;
        var large = People.Score(record, record, new TermFrequencies(terms.ToDictionary(term => term, _ => 4_000L), 1_000_000)).Bits;
        Assert.True(large < small);
    }
}
