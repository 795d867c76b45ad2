using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>Keeps the account's budget: waits for its turn, counts what was used, and makes everybody wait when the system asks for it.</summary>
internal sealed class BudgetHandler(AccountBudget budget, ApiProfile profile, ConnectionContext context, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var turn = await budget.EnterAsync(request.Options.TryGetValue(ApiClient.Cost, out var cost) ? cost : 1, request.Options.TryGetValue(ApiClient.Kind, out var kind) ? kind : "", request.Method.Method, profile.TotalTimeout, cancellationToken);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            turn.Answered();
            var verdict = response.Verdict();
            if (verdict.Quota is { } quota)
                budget.Report(quota.Used, quota.Limit);
            if (verdict.Kind == VerdictKind.Throttled)
                Attempt.Set(request, verdict with { Wait = budget.Throttle(verdict.Wait) });
            else if (verdict.Kind == VerdictKind.Exhausted)
                Attempt.Set(request, verdict with { Failure = budget.Exhaust(verdict.Failure, verdict.Wait, context.Name) });
            else
                budget.Calm();

            if (verdict.Kind == VerdictKind.Fine && response.Content is StreamedContent streamed)
                streamed.Body.Ended = turn.Dispose;
            else
                turn.Dispose();
            return response;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }
}
