namespace Crm.Integration.Mapping.Matching;

/// <summary>A model with what it rests on.</summary>
/// <param name="Model">The model.</param>
/// <param name="Levels">Each level that was seen, of people first.</param>
/// <param name="Parts">What was learned of people and of organisations as a whole.</param>
public sealed record ModelEstimate(MatchModel Model, IReadOnlyList<LearnedLevel> Levels, IReadOnlyList<LearnedPart> Parts);

/// <summary>A level of a comparison, as shipped and as learned.</summary>
/// <param name="Part">"people" or "organisations".</param>
/// <param name="Comparison">"birth date".</param>
/// <param name="Level">"one digit off".</param>
/// <param name="SameCustomer">How often two records of one customer come to it, of pairs that are clearly one by all the rest.</param>
/// <param name="SameCustomerPairs">In how many such pairs it was seen.</param>
/// <param name="Strangers">How often two records at random come to it.</param>
/// <param name="StrangerPairs">In how many pairs at random it was seen.</param>
/// <param name="ShippedBits">The shipped weight, on average where it depends on the value.</param>
/// <param name="LearnedBits">With the correction.</param>
public sealed record LearnedLevel(
    string Part, string Comparison, string Level, double SameCustomer, long SameCustomerPairs, double Strangers, long StrangerPairs, double ShippedBits, double LearnedBits);

/// <summary>What was learned of people, or of organisations, as a whole.</summary>
/// <param name="Part">"people" or "organisations".</param>
/// <param name="PairsAtRandom">Pairs of records at random that were looked at.</param>
/// <param name="PairsMeeting">Pairs that share a key.</param>
/// <param name="SameCustomer">How many of these are one customer, by the estimate.</param>
/// <param name="PriorShift">Bits by which a pair starts higher, or lower.</param>
/// <param name="LiftedGuards">Guards that are lifted, in words, and from how many bits on.</param>
public sealed record LearnedPart(string Part, long PairsAtRandom, long PairsMeeting, double SameCustomer, double PriorShift, IReadOnlyDictionary<string, double> LiftedGuards);
