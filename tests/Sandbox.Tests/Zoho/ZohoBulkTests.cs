using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests.Zoho;

public sealed class ZohoBulkTests
{
    [Fact]
    public async Task A_bulk_read_passes_its_states_and_gives_a_zip_with_one_CSV()
    {
        await using var org = await ZohoOrg.OpenAsync(30);
        await org.Playground.ControlAsync("PUT", "account", """{"bulkReadRows":20}""");

        var added = await org.CallAsync("POST", "bulk/v8/read", """{"query":{"module":{"api_name":"Contacts"},"fields":["id","Last_Name","Account_Name","Modified_Time"],"criteria":{"field":{"api_name":"Modified_Time"},"comparator":"greater_equal","value":"2020-03-01T00:00:00+00:00"},"page":1}}""");
        var job = added.Text("data", 0, "details", "id");
        var running = await org.GetAsync("bulk/v8/read/" + job);
        var done = await org.GetAsync("bulk/v8/read/" + job);
        var lines = Lines((await org.GetAsync($"bulk/v8/read/{job}/result")).Bytes);

        Assert.Equal((201, "ADDED_SUCCESSFULLY", "ADDED"), (added.Status, added.Text("data", 0, "code"), added.Text("data", 0, "details", "state")));
        Assert.Equal("IN PROGRESS", running.Text("data", 0, "state"));
        Assert.Equal(("COMPLETED", "20", "true"), (done.Text("data", 0, "state"), done.Text("data", 0, "result", "count"), done.Text("data", 0, "result", "more_records")));
        Assert.Equal("id,Last_Name,Account_Name,Modified_Time", lines[0]);
        Assert.Equal(21, lines.Length);

        var token = done.Text("data", 0, "result", "next_page_token");
        var next = (await org.CallAsync("POST", "bulk/v8/read", $$"""{"query":{"module":{"api_name":"Contacts"},"fields":["id"],"page_token":"{{token}}"} }""")).Text("data", 0, "details", "id");
        await org.GetAsync("bulk/v8/read/" + next);
        Assert.Equal("10", (await org.GetAsync("bulk/v8/read/" + next)).Text("data", 0, "result", "count"));
    }

    [Fact]
    public async Task Results_are_downloaded_ten_times_a_minute()
    {
        await using var org = await ZohoOrg.OpenAsync(1);
        var job = (await org.CallAsync("POST", "bulk/v8/read", """{"query":{"module":{"api_name":"Contacts"}}}""")).Text("data", 0, "details", "id");
        for (var i = 0; i < 2; i++)
            await org.GetAsync("bulk/v8/read/" + job);

        var statuses = new List<int>();
        for (var i = 0; i < 11; i++)
            statuses.Add((await org.GetAsync($"bulk/v8/read/{job}/result")).Status);

        Assert.Equal([.. Enumerable.Repeat(200, 10), 429], statuses);
    }

    [Fact]
    public async Task A_bulk_write_gives_a_verdict_for_each_row()
    {
        await using var org = await ZohoOrg.OpenAsync(0);
        var known = await org.MakeAsync("Contacts", """{"Hub_Id":"C-1","Last_Name":"Old"}""");
        var file = await UploadAsync(org, "Hub_Id,Last_Name,Email\nC-1,\"New, \"\"quoted\"\"\",a@b.example\nC-2,王,\nC-3,Bad,nomail\n");

        var begun = await org.CallAsync("POST", "bulk/v8/write", $$"""
            {"operation":"upsert","ignore_empty":true,"resource":[{"type":"data","module":{"api_name":"Contacts"},"file_id":"{{file}}","find_by":"Hub_Id","field_mappings":[{"api_name":"Hub_Id","index":0},{"api_name":"Last_Name","index":1},{"api_name":"Email","index":2}]}]}
            """);
        var job = begun.Text("details", "id");
        var running = await org.GetAsync("bulk/v8/write/" + job);
        var done = await org.GetAsync("bulk/v8/write/" + job);
        var lines = Lines((await org.CallAsync("GET", done.Text("result", "download_url")!.Replace("/crm/", "", StringComparison.Ordinal))).Bytes);

        Assert.Equal((201, "INPROGRESS", "COMPLETED"), (begun.Status, running.Text("status"), done.Text("status")));
        Assert.Equal("Hub_Id,Last_Name,Email,STATUS,RECORD_ID,ERRORS", lines[0]);
        Assert.Equal($"C-1,\"New, \"\"quoted\"\"\",a@b.example,UPDATED,{known},", lines[1]);
        Assert.Contains(",ADDED,", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(",SKIPPED,,INVALID_DATA-Email", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_fails_says_so()
    {
        await using var org = await ZohoOrg.OpenAsync(1);
        await org.Playground.FaultsAsync("""{"kind":"bulk-fail","count":1}""");

        var job = (await org.CallAsync("POST", "bulk/v8/read", """{"query":{"module":{"api_name":"Contacts"}}}""")).Text("data", 0, "details", "id");
        await org.GetAsync("bulk/v8/read/" + job);

        Assert.Equal("FAILURE", (await org.GetAsync("bulk/v8/read/" + job)).Text("data", 0, "state"));
    }

    private static async Task<string> UploadAsync(ZohoOrg org, string csv)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("contacts.csv").Open())
            entry.Write(Encoding.UTF8.GetBytes(csv));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(packed.ToArray()), "file", "contacts.zip" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/zoho/crm/v8/upload") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", (await org.Playground.CallAsync("POST", ZohoOrg.Refresh)).Text("access_token"));
        request.Headers.Add("feature", "bulk-write");
        request.Headers.Add("X-CRM-ORG", (await org.GetAsync("org")).Text("org", 0, "zgid"));
        using var response = await org.Playground.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("FILE_UPLOAD_SUCCESS", (string?)answer["code"]);
        return (string)answer["details"]!["file_id"]!;
    }

    private static string[] Lines(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var reader = new StreamReader(Assert.Single(archive.Entries).Open());
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
