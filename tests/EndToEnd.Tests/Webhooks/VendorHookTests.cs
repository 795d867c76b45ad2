namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>The webhooks of all systems, from the sandbox over real sockets into the store of the running service.</summary>
public sealed class VendorHookTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edit_in_any_system_arrives_by_its_webhook(bool onPostgreSql)
    {
        using var stage = await HookStage.SetAsync(onPostgreSql);
        await stage.UntilAsync(() => stage.Log().Contains("zoho sends webhooks to", StringComparison.Ordinal), "the hub subscribes at Zoho");

        foreach (var (system, _, _, _, _, _, _) in HookStage.Systems)
        {
            await stage.RenameAsync(system, $"Hooked{system}");
            var sent = await stage.FlushAsync(system, new { repeat = 2 });
            Assert.True(sent.GetProperty("refused").GetInt32() == 0 && sent.GetProperty("sent").GetInt32() > 0, $"{system}: {sent}\n{stage.Hub.Errors}");
        }

        foreach (var (system, _, _, _, _, _, _) in HookStage.Systems)
            await stage.UntilAsync(() => stage.Named($"Hooked{system}") == 1, $"{system} tells of an edit");
        var inbox = (await stage.Folder.HubAsync("--json", "inbox", "list")).With(0).Json;
        Assert.Equal(0, inbox.GetProperty("open").GetArrayLength());
        Assert.Equal(["fxiaoke", "insightly", "salesforce", "zoho"], inbox.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("connection").GetString()).Distinct().Order());
        Assert.Equal(0, await stage.Hub.StopAsync());
    }

    [Fact]
    public async Task What_a_dropped_webhook_should_have_brought_is_recovered_by_the_sweep_and_counted()
    {
        using var stage = await HookStage.SetAsync();
        await stage.RenameAsync("salesforce", "Arrived");
        await stage.FlushAsync("salesforce");
        await stage.UntilAsync(() => stage.Named("Arrived") == 1, "a webhook that is not dropped");
        await stage.FaultsAsync("salesforce", new { kind = "drop-webhook", count = 1 });
        await stage.RenameAsync("salesforce", "Dropped");
        Assert.Equal(1, (await stage.FlushAsync("salesforce")).GetProperty("dropped").GetInt32());

        var run = (await stage.Folder.HubAsync("--json", "run", "salesforce")).With(0).Json;

        Assert.Equal(1, stage.Named("Dropped"));
        Assert.Equal(1, run.GetProperty("pipelines")[0].GetProperty("recovered").GetInt64());
        var shown = (await stage.Folder.HubAsync("runs", run.GetProperty("runId").GetRawText())).With(0).Output;
        Assert.Contains("1 record recovered by the sweep", shown, StringComparison.Ordinal);
    }
}
