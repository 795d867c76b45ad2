using System.Globalization;
using System.Text;

namespace Crm.Integration.Sandbox.Faults;

/// <summary>What can happen to a call between the two ends, done to it.</summary>
internal static class TransportFault
{
    private static readonly object s_cutKey = new();

    private static readonly byte[] s_page = Encoding.UTF8.GetBytes(
        "<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body><h1>We are down for maintenance.</h1><p>Sorry for the inconvenience.</p></body></html>");

    /// <summary>The fault that cut the connection of this call.</summary>
    public static string? CutBy(HttpContext context) => context.Items[s_cutKey] as string;

    public static async Task ApplyAsync(Fault fault, Vendor vendor, HttpContext context, Func<Task> answer)
    {
        switch (fault.Kind)
        {
            case "status":
                await StatusAsync(fault, vendor, context);
                break;
            case "reset":
                Cut(context, fault);
                break;
            case "slow":
                await Task.Delay(TimeSpan.FromMilliseconds(fault.Ms ?? 1000), vendor.Clock, context.RequestAborted);
                await answer();
                break;
            case "html":
                context.Response.StatusCode = fault.Status ?? StatusCodes.Status200OK;
                await WriteAsync(context, "text/html; charset=UTF-8", s_page);
                break;
            case "bad-gzip":
                context.Response.Headers.ContentEncoding = "gzip";
                // A proper head, and then a block of a kind that does not exist.
                await WriteAsync(context, "application/json;charset=UTF-8", [0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x07, 0xff, 0xff, 0xff]);
                break;
            case "drip":
                var pause = TimeSpan.FromMilliseconds(fault.Ms ?? 100);
                await ThroughAsync(context, body => new DrippingBody(body, fault.Bytes ?? 64, pause, vendor.Clock), answer);
                break;
            case "truncate":
                await ThroughAsync(context, body => new CutBody(body), answer);
                if (fault.Abort == true)
                    Cut(context, fault);
                break;
            case "lose-answer":
                await ThroughAsync(context, _ => new SwallowingBody(), answer);
                Cut(context, fault);
                break;
            default:
                throw new InvalidOperationException($"The fault '{fault.Kind}' is not one of the transport's.");
        }
    }

    private static async Task StatusAsync(Fault fault, Vendor vendor, HttpContext context)
    {
        if (fault.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        var status = fault.Status ?? StatusCodes.Status503ServiceUnavailable;
        if (fault.Body is null)
        {
            await vendor.FailAsync(context, status);
            return;
        }

        context.Response.StatusCode = status;
        await WriteAsync(context, fault.Body.StartsWith('<') ? "text/html; charset=UTF-8" : "application/json;charset=UTF-8", Encoding.UTF8.GetBytes(fault.Body));
    }

    private static async Task ThroughAsync(HttpContext context, Func<Stream, TamperedBody> tamper, Func<Task> answer)
    {
        var original = context.Response.Body;
        await using var tampered = tamper(original);
        context.Response.Body = tampered;
        // The length that the answer announces is that of the whole.
        context.Response.OnStarting(() =>
        {
            context.Response.ContentLength = null;
            return Task.CompletedTask;
        });
        try
        {
            await answer();
            await tampered.EndAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = original;
        }
    }

    private static async Task WriteAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static void Cut(HttpContext context, Fault fault)
    {
        context.Items[s_cutKey] = fault.Kind;
        context.Abort();
    }
}
