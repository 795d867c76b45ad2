using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Tries the connection out, one thing after the other, writing nothing.</summary>
internal sealed class ZohoCheck(ZohoSettings settings, Func<(ZohoApi Api, ZohoMetadata Metadata)> session)
{
    private readonly List<CheckLine> _lines = [];

    public async Task<IReadOnlyList<CheckLine>> RunAsync(CancellationToken cancellationToken)
    {
        ZohoApi? api = null;
        ZohoMetadata? metadata = null;
        if (!await TryAsync("sign-in", async () =>
            {
                (api, metadata) = session();
                var address = new Uri(await api.AddressAsync(cancellationToken));
                if (string.IsNullOrWhiteSpace(settings.AccountsUrl) && ZohoDataCenter.OfApi(address.Host) is { } center && center != ZohoDataCenter.Named(settings.DataCenter))
                {
                    throw new ConnectorException(
                        FailureKind.Configuration,
                        $"The organisation is in the data centre `{center.Name}`, and the connection says `{settings.DataCenter}`.",
                        $"Set `dataCenter` to `{center.Name}`.");
                }

                return $"{ZohoGrant.Address(settings).Host} gave a token; the API is at {address.Host}";
            }))
            return _lines;

        await TryAsync("scopes", async () => Scopes(await api!.ScopesAsync(cancellationToken)));
        var modules = 0;
        if (!await TryAsync("modules", async () =>
            {
                modules = (await metadata!.ModulesAsync(cancellationToken)).Count;
                return $"{modules} modules can be used";
            }))
            return _lines;

        await TryAsync("records", async () =>
        {
            using var reply = await api!.SendAsync(ZohoCall.Get("/crm/v8/Contacts?fields=id&per_page=1"), cancellationToken);
            return "Contacts can be read";
        });
        await TryAsync("queries", async () =>
        {
            using var reply = await api!.QueryAsync("select id from Contacts where (id is not null) limit 1", 1, cancellationToken);
            return "queries are answered";
        });
        if (settings.NotificationToken is { } token)
            await TryAsync("notifications", () => Task.FromResult(Token(token)));
        return _lines;
    }

    private static string Scopes(string granted)
    {
        if (granted.Length == 0)
            return "Zoho does not say which scopes the token has";
        var missing = ZohoScopes.Purposes.Where(purpose => !ZohoScopes.Covers(granted, purpose.Prefix)).ToList();
        if (missing.FirstOrDefault(purpose => purpose.Always) is { Prefix: { } prefix } first)
        {
            throw new ConnectorException(
                FailureKind.Configuration,
                $"The refresh token lacks the scope {prefix}ALL, for {first.For}.",
                $"Make a new code in the API console with all of the scopes ({string.Join(",", ZohoScopes.Needed)}), exchange it, and store the new refresh token as `refreshToken`.");
        }

        return missing.Count == 0 ? "all that are needed" : $"enough to read and write; without {string.Join("; without ", missing.Select(purpose => $"{purpose.Prefix}* no {purpose.For}"))}";
    }

    private static string Token(string token) => token.Length is >= 16 and <= 50
        ? "the token has a good length"
        : throw new ConnectorException(FailureKind.Configuration, $"`notificationToken` has {token.Length} characters.", "Use 16 to 50 characters: Zoho takes no more, and fewer could be guessed.");

    private async Task<bool> TryAsync(string subject, Func<Task<string>> look)
    {
        try
        {
            _lines.Add(new(subject, true, await look()));
            return true;
        }
        catch (ConnectorException exception)
        {
            _lines.Add(new(subject, false, $"{exception.Message} {exception.Fix}"));
            return false;
        }
    }
}
