using System.Globalization;
using Crm.Integration.Sandbox.Faults;

namespace Crm.Integration.Sandbox.Traffic;

/// <summary>Every call to a vendor passes here: counted, held to the limits, struck by faults, logged.</summary>
internal sealed class Gatekeeper(IReadOnlyList<Vendor> vendors)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var vendor = vendors.FirstOrDefault(vendor => context.Request.Path.StartsWithSegments("/" + vendor.Name, StringComparison.Ordinal));
        if (vendor is null)
        {
            await next(context);
            return;
        }

        var at = vendor.Clock.GetUtcNow();
        var started = vendor.Clock.GetTimestamp();
        try
        {
            await AdmitAsync(vendor, context, next);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone, or a fault has cut the line: nobody is left to answer.
            if (TransportFault.CutBy(context) is null)
                RequestLog.Note(context, "caller-gone");
        }
        finally
        {
            // Zero stands for "no answer": the caller never saw the status.
            var status = TransportFault.CutBy(context) is not null || context.RequestAborted.IsCancellationRequested ? 0 : context.Response.StatusCode;
            vendor.Log.Add(context, at, vendor.Clock.GetElapsedTime(started), status);
        }
    }

    private static async Task AdmitAsync(Vendor vendor, HttpContext context, RequestDelegate next)
    {
        vendor.Settle();
        context.Response.Headers.Date = vendor.Now.ToString("R", CultureInfo.InvariantCulture);
        context.Response.OnStarting(() =>
        {
            if (context.Response.Headers.RetryAfter is [{ } wait] && int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                vendor.Rules.Told(seconds);
            return Task.CompletedTask;
        });

        var kind = vendor.KindOf(context.Request);
        vendor.Counters.Called(kind);
        if (kind is CallKind.Free or CallKind.Token)
        {
            await MeetFaultsAsync(vendor, kind, context, next);
            return;
        }

        var refusal = vendor.Rules.Enter(vendor.WindowOf(context.Request), out var violations);
        vendor.Counters.Violated(violations);
        try
        {
            if (refusal is not null)
                await RefuseAsync(vendor, context, refusal, "over the " + refusal.Reason);
            else
                await MeetFaultsAsync(vendor, kind, context, next);
        }
        finally
        {
            vendor.Rules.Leave();
        }
    }

    private static async Task MeetFaultsAsync(Vendor vendor, CallKind kind, HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (vendor.Faults.Take(path, "expire-token") is not null)
        {
            RequestLog.Note(context, "expire-token");
            lock (vendor.Gate)
                vendor.ExpireTokens();
        }

        var fault = vendor.Faults.TakeTransport(path, kind);
        if (fault is not null)
            RequestLog.Note(context, fault.Kind);

        switch (fault?.Kind)
        {
            case null:
                await AnswerAsync(vendor, context, next);
                break;
            case "limit":
                await RefuseAsync(vendor, context, vendor.Rules.Close(fault.Seconds ?? 1), fault.Kind);
                break;
            case "daily-limit":
                await RefuseAsync(vendor, context, new Refusal(RefusalReason.Day, 3600), fault.Kind);
                break;
            default:
                await TransportFault.ApplyAsync(fault, vendor, context, () => AnswerAsync(vendor, context, next));
                break;
        }
    }

    private static async Task AnswerAsync(Vendor vendor, HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is null)
            await vendor.FailAsync(context, StatusCodes.Status404NotFound);
        else
            await next(context);
    }

    private static async Task RefuseAsync(Vendor vendor, HttpContext context, Refusal refusal, string why)
    {
        RequestLog.Note(context, why);
        await vendor.RefuseAsync(context, refusal);
    }
}
