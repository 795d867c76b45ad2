using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class DateFunctions
{
    private const string Category = "dates";

    private static readonly MapParameter s_formats = new("formats", MapParameterType.Text, Optional: true, Repeats: true);

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        new(Category, "date", "A date. Without a format, what can mean one date only is understood: 2024-01-31, 20240131, 2024年1月31日, 31.01.2024, 31 Jan 2024 (month names of many languages), 31/01/2024; but not 03/04/2024. With formats, the first that fits: yyyy yy MM M MMM dd d, or 'excel' (days since 1900), 'epoch' (seconds since 1970), 'epochms', 'auto' (as without). A time after it is left away only where the format says so. What is no date stays as it was.",
            [Subject, s_formats],
            [Gives("'2024年1月31日' | date", "2024-01-31"), Gives("'31. Januar 2024' | date", "2024-01-31"), Gives("'03/04/2024' | date", "03/04/2024"), Gives("'03/04/2024' | date('dd/MM/yyyy')", "2024-04-03"), Gives("'45322' | date('excel')", "2024-01-31"), Gives("'19840230' | date('yyyyMMdd')", "19840230")], ToDate),
        new(Category, "instant", "A date and time, kept as UTC. Formats as for date, with HH mm ss fff, tt, K (offset). A name of a time zone among them ('Europe/Berlin') says where times without an offset are at home; else the hub's own.",
            [Subject, s_formats],
            [Gives("'2024-01-31T12:00:00+01:00' | instant", "2024-01-31T11:00:00Z"), Gives("'31.01.2024 12:00' | instant('dd.MM.yyyy HH:mm', 'Asia/Shanghai')", "2024-01-31T04:00:00Z"), Gives("1706702400 | instant('epoch')", "2024-01-31T12:00:00Z")], ToInstant),
        new(Category, "formatDate", "A date or time as text: yyyy MM dd HH mm ss (times in UTC).", [Subject, new("format", MapParameterType.Text)],
            [Gives("'2024-01-31' | date | formatDate('dd.MM.yyyy')", "31.01.2024")], Format),
        new(Category, "ageOn", "Full years between a date and a day: the age at an order, not today's, since a map has no clock.", [Subject, new("day")],
            [Gives("'1984-02-29' | ageOn('2024-02-28')", "39")], (subject, rest) => Age(subject, rest[0])),
    ];

    private static Func<Value, Value> ToDate(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var readers = Readers(rest, ref environment);
        var zone = environment.TimeZone;
        return value =>
        {
            if (value.AsInstant is { } instant)
                return Value.Date(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime));
            if (value.AsText is null && value.AsNumber is null)
                return value;
            var text = value.ToText()!;
            foreach (var reader in readers)
            {
                if (reader(text, out var parts))
                    return Value.Date(parts.Date);
            }

            return value;
        };
    }

    private static Func<Value, Value> ToInstant(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var readers = Readers(rest, ref environment);
        var zone = environment.TimeZone;
        return value =>
        {
            if (value.AsDate is { } date)
                return new DateParts { Year = date.Year, Month = date.Month, Day = date.Day }.ToInstant(zone) is { } midnight ? Value.Instant(midnight) : value;
            if (value.AsText is null && value.AsNumber is null)
                return value;
            var text = value.ToText()!;
            foreach (var reader in readers)
            {
                if (reader(text, out var parts) && parts.ToInstant(zone) is { } instant)
                    return Value.Instant(instant);
            }

            return value;
        };
    }

    private delegate bool Reader(string text, out DateParts parts);

    private static Reader[] Readers(ReadOnlySpan<Value> formats, ref MapEnvironment environment)
    {
        var readers = new List<Reader>();
        for (var i = 0; i < formats.Length; i++)
        {
            var format = TextAt(formats, i);
            if (format.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(format, out var zone) || TryUtc(format, out zone))
                environment = environment with { TimeZone = zone };
            else
                readers.Add(ReaderOf(format, i));
        }

        return readers.Count == 0 ? [DateText.TryRead] : [.. readers];
    }

    private static bool TryUtc(string format, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = format is "UTC" ? TimeZoneInfo.Utc : null;
        return zone is not null;
    }

    private static Reader ReaderOf(string format, int index)
    {
        switch (format)
        {
            case "auto" or "iso":
                return DateText.TryRead;
            case "excel":
                return DateSerial.TryReadExcel;
            case "epoch":
                return DateSerial.TryReadEpoch;
            case "epochms":
                return DateSerial.TryReadEpochMilliseconds;
            default:
                try
                {
                    return DateFormat.Compile(format).TryRead;
                }
                catch (FormatException mistake)
                {
                    throw new MapArgumentException(index, mistake.Message, "Write it like 'yyyy-MM-dd', 'dd.MM.yyyy HH:mm', or one of 'auto', 'excel', 'epoch', 'epochms'; a time zone like 'Europe/Berlin'.");
                }
        }
    }

    private static Func<Value, Value> Format(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var format = TextAt(rest, 0);
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        try
        {
            _ = default(DateTime).ToString(format, culture);
        }
        catch (FormatException)
        {
            throw new MapArgumentException(0, $"'{format}' is no date format", "Write it like 'yyyy-MM-dd'.");
        }

        return value => value.AsDate is { } date ? Value.Text(date.ToDateTime(TimeOnly.MinValue).ToString(format, culture))
            : value.AsInstant is { } instant ? Value.Text(instant.UtcDateTime.ToString(format, culture)) : value;
    }

    private static Value Age(Value subject, Value day)
    {
        if (DateOf(subject) is not { } birth || DateOf(day) is not { } on || on < birth)
            return Value.Null;
        var years = on.Year - birth.Year;
        return Value.Number((on.Month, on.Day).CompareTo((birth.Month, birth.Day)) < 0 ? years - 1 : years);
    }

    private static DateOnly? DateOf(Value value) => value.AsDate ?? (value.AsInstant is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime) : DateText.Parse(value.ToText()));
}
