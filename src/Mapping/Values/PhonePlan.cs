using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Integration.Mapping.Values;

/// <summary>The numbering plan of one country.</summary>
internal sealed class PhonePlan
{
    private static readonly Dictionary<string, PhonePlan> s_byCountry = new(StringComparer.OrdinalIgnoreCase);
    private static readonly PhonePlan[][] s_byCallingCode = new PhonePlan[1000][];

    private readonly Lazy<DigitPattern> _pattern;
    private readonly Lazy<DigitPattern>? _internationalPrefix;
    private readonly Lazy<DigitPattern>? _leadingDigits;
    private readonly Lazy<DigitPattern>? _types;
    private readonly Lazy<DigitPattern>? _prefixCheck;
    private readonly Lazy<Regex>? _prefixRule;
    private readonly string _transform;
    private readonly int _lengths;

    static PhonePlan()
    {
        foreach (var line in EmbeddedText.Lines("Values.Data.phones.tsv"))
        {
            var plan = new PhonePlan(line.Split('\t'));
            if (plan.Country != "001")
                s_byCountry[plan.Country] = plan;
            var sharers = s_byCallingCode[plan.CallingNumber];
            s_byCallingCode[plan.CallingNumber] = sharers is null ? [plan] : [.. sharers, plan];
        }
    }

    private PhonePlan(string[] fields)
    {
        Country = fields[0];
        CallingCode = fields[1];
        CallingNumber = int.Parse(fields[1], CultureInfo.InvariantCulture);
        foreach (var length in fields[2].Split(','))
            _lengths |= 1 << int.Parse(length, CultureInfo.InvariantCulture);
        _pattern = new(() => DigitPattern.Compile(fields[3]));
        _internationalPrefix = fields[4].Length > 0 ? new(() => DigitPattern.Compile(fields[4])) : null;
        NationalPrefix = fields[5];
        if (fields[6].Length > 0)
        {
            _prefixRule = new(() => new Regex("^(?:" + fields[6] + ")", RegexOptions.CultureInvariant));
            if (!fields[6].Contains('$', StringComparison.Ordinal))
                _prefixCheck = new(() => DigitPattern.Compile(fields[6]));
        }

        _transform = fields[7];
        _leadingDigits = fields[8].Length > 0 ? new(() => DigitPattern.Compile(fields[8])) : null;
        _types = fields[9].Length > 0 ? new(() => DigitPattern.Compile(fields[9])) : null;
    }

    /// <summary>ISO 3166-1 alpha-2, or 001 for numbers of no country.</summary>
    public string Country { get; }

    /// <summary>Its calling code, without a plus.</summary>
    public string CallingCode { get; }

    /// <summary>What is dialled before a number inside the country, and not from abroad; may be empty.</summary>
    public string NationalPrefix { get; }

    private int CallingNumber { get; }

    /// <summary>The plan of a country, or null.</summary>
    public static PhonePlan? Of(string? country) => country is null ? null : s_byCountry.GetValueOrDefault(country);

    /// <summary>The plans that share the calling code with which some digits begin; empty when there is none.</summary>
    public static ReadOnlySpan<PhonePlan> OfInternational(ReadOnlySpan<char> digits)
    {
        var code = 0;
        for (var i = 0; i < Math.Min(3, digits.Length); i++)
        {
            code = (code * 10) + (digits[i] - '0');
            // No calling code is the beginning of another one.
            if (code > 0 && s_byCallingCode[code] is { } plans)
                return plans;
        }

        return [];
    }

    /// <summary>How many of the digits only dial out of the country; -1 when it is a number inside it.</summary>
    public int InternationalPrefixLength(ReadOnlySpan<char> digits) => _internationalPrefix?.Value.PrefixLength(digits) ?? -1;

    /// <summary>Whether a number without any prefix fits this plan.</summary>
    public bool Fits(ReadOnlySpan<char> national) =>
        national.Length < 32 && (_lengths >> national.Length & 1) != 0 && _pattern.Value.IsMatch(national);

    /// <summary>Whether a number that fits the calling code is one of this country's, where several share the code.</summary>
    public bool Owns(ReadOnlySpan<char> national) =>
        _leadingDigits is not null ? _leadingDigits.Value.IsPrefixOf(national) : _types is null || _types.Value.IsMatch(national);

    /// <summary>Takes off the national prefix (and carrier codes), and does what else the plan asks for: Argentine mobiles, local numbers of small countries.</summary>
    /// <returns>False when there is no such prefix.</returns>
    public bool TryStripPrefix(ReadOnlySpan<char> digits, Span<char> target, out int length)
    {
        length = 0;
        if (_prefixRule is not null && (_transform.Length > 0 || !StartsWithPrefix(digits)))
        {
            if (_prefixCheck is not null && !_prefixCheck.Value.IsPrefixOf(digits))
                return false;
            var match = _prefixRule.Value.Match(digits.ToString());
            if (!match.Success || match.Length == 0)
                return false;
            var replaced = _transform.Length > 0 && match.Groups[match.Groups.Count - 1].Success ? match.Result(_transform) : "";
            if (replaced.Length + digits.Length - match.Length > target.Length)
                return false;
            replaced.CopyTo(target);
            digits[match.Length..].CopyTo(target[replaced.Length..]);
            length = replaced.Length + digits.Length - match.Length;
            return true;
        }

        if (!StartsWithPrefix(digits))
            return false;
        digits[NationalPrefix.Length..].CopyTo(target);
        length = digits.Length - NationalPrefix.Length;
        return true;
    }

    private bool StartsWithPrefix(ReadOnlySpan<char> digits) => NationalPrefix.Length > 0 && digits.StartsWith(NationalPrefix);
}
