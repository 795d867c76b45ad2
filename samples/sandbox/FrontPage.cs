using System.Net;
using System.Text;
using Crm.Integration.Sandbox.Control;
using Crm.Integration.Sandbox.Faults;

namespace Crm.Integration.Sandbox;

/// <summary>The page at <c>/</c>: what runs here and how to use it, for a person with a browser.</summary>
internal static class FrontPage
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}pre,code{background:#f3f4f6;padding:.1rem .3rem;border-radius:4px}pre{padding:.8rem;overflow:auto}td{vertical-align:top;padding:.15rem .8rem .15rem 0}";

    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<Vendor> vendors) =>
        routes.MapGet("/", context => context.WriteBytesAsync("text/html; charset=utf-8", Encoding.UTF8.GetBytes(Page(vendors, $"{context.Request.Scheme}://{context.Request.Host}"))));

    private static string Page(IReadOnlyList<Vendor> vendors, string address)
    {
        var page = new StringBuilder($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sandbox</title><style>{Style}</style></head><body>");
        page.Append("<h1>Sandbox</h1><p>This program plays the systems below, with made-up people and companies. Nothing here is real, and all of it is gone when the program ends.</p>");
        foreach (var vendor in vendors)
        {
            string account;
            lock (vendor.Gate)
                account = Encoding.UTF8.GetString(JsonAnswers.Bytes(vendor.Account(flow: null, $"{address}/{vendor.Name}")));
            page.Append("<h2>").Append(WebUtility.HtmlEncode(vendor.Title)).Append("</h2><p>A connection that works here:</p><pre>")
                .Append(WebUtility.HtmlEncode(account)).Append("</pre><p>Address: <code>").Append(WebUtility.HtmlEncode($"{address}/{vendor.Name}"))
                .Append("</code>. Look at <a href=\"/_sandbox/").Append(vendor.Name).Append("/records\">its records</a>, <a href=\"/_sandbox/").Append(vendor.Name)
                .Append("/requests\">the last calls</a>, <a href=\"/_sandbox/").Append(vendor.Name).Append("/counters\">the counters</a>.</p><p>Faults it can show: <code>")
                .Append(WebUtility.HtmlEncode(string.Join(", ", [.. FaultKinds.General, .. vendor.OwnFaults]))).Append("</code></p>");
        }

        page.Append("<h2>Control</h2><p>Below <code>/_sandbox/{vendor}/</code>:</p><table>");
        foreach (var (verb, does) in ControlApi.Verbs)
            page.Append("<tr><td><code>").Append(WebUtility.HtmlEncode(verb)).Append("</code></td><td>").Append(WebUtility.HtmlEncode(does)).Append("</td></tr>");
        return page.Append("</table></body></html>").ToString();
    }
}
