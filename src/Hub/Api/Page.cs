using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Crm.Integration.Hub.Api;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The address of the next page; null on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Limit">How many entries.</param>
/// <param name="After">Where the page begins.</param>
internal sealed record PageQuery(
    [property: FromQuery(Name = "limit"), Description("How many entries a page has, 1 to 500; 50 without it.")] int? Limit,
    [property: FromQuery(Name = "after"), Description("Where the page begins, as `next` of the page before says.")] string? After)
{
    private const int Usual = 50;
    private const int Most = 500;

    /// <summary>A page. What comes or goes between two pages makes no other entry appear twice or not at all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="list">The name of the list: a cursor fits no other.</param>
    /// <param name="numbers">How many numbers tell where an entry stands.</param>
    /// <param name="read">Reads so many entries behind a place; null for the first ones.</param>
    /// <param name="place">The numbers of an entry's place.</param>
    /// <param name="show">An entry as it is shown.</param>
    /// <exception cref="RefusedException">There is no such page.</exception>
    public Page<T> Of<TRow, T>(HttpContext context, string list, int numbers, Func<int, long[]?, IReadOnlyList<TRow>> read, Func<TRow, long[]> place, Func<TRow, T> show)
    {
        var limit = Limit ?? Usual;
        if (limit is < 1 or > Most)
            throw RefusedException.Invalid("limit", $"a page has 1 to {Most} entries", "follow `next` for more");
        var rows = read(limit + 1, After is null ? null : Read(list, numbers));
        var more = rows.Count > limit;
        return new Page<T>([.. rows.Take(limit).Select(show)], more ? Link(context, list, place(rows[limit - 1])) : null);
    }

    /// <summary>The same where one number tells where an entry stands.</summary>
    public Page<T> Of<TRow, T>(HttpContext context, string list, Func<int, long?, IReadOnlyList<TRow>> read, Func<TRow, long> place, Func<TRow, T> show) =>
        Of(context, list, 1, (count, after) => read(count, after?[0]), row => [place(row)], show);

    private long[] Read(string list, int numbers)
    {
        var wrong = RefusedException.Invalid("after", "`after` is not of this list", "leave it out to begin at the first page, and take it from `next`");
        if (!Base64Url.IsValid(After))
            throw wrong;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(After)).Split(':');
        if (parts.Length != numbers + 1 || parts[0] != list)
            throw wrong;
        return [.. parts.Skip(1).Select(part => long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw wrong)];
    }

    private static string Link(HttpContext context, string list, long[] place)
    {
        var cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(':', place.Select(number => number.ToString(CultureInfo.InvariantCulture)).Prepend(list))));
        var query = QueryString.Create(context.Request.Query.Where(each => each.Key != "after").Append(new("after", cursor)));
        return context.Request.PathBase.Add(context.Request.Path).ToUriComponent() + query.ToUriComponent();
    }
}
