using System.Globalization;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;
using IrohRpc.Samples.Tests.Stores;

namespace IrohRpc.Samples.Tests;

/// <summary>The store and its clients as processes of their own.</summary>
public sealed class KeyValueTests
{
    private const string UnicodeData = "/usr/share/unicode/UnicodeData.txt";

    public static TheoryData<string> Transports => Programs.Transports.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Every_row_that_one_process_imports_reaches_a_watch_in_a_second_and_a_range_in_a_third(string transport)
    {
        Assert.SkipUnless(File.Exists(UnicodeData), $"{UnicodeData} is not there; Debian has it in the package unicode-data.");
        using var folder = new TemporaryFolder();
        await using StoreProcess store = await StoreProcess.StartAsync(folder, transport);

        // The code point is the key, the rest of the line the value.
        string[] rows = [.. (await File.ReadAllLinesAsync(UnicodeData, Cancellation)).Select(Row)];
        await File.WriteAllLinesAsync(folder.File("rows.tsv"), rows, Cancellation);
        await using ChildProcess watch = store.Start("watch", "--from", "1");

        await using ChildProcess import = store.Start("import", folder.File("rows.tsv"));
        Assert.Equal(0, await import.ExitAsync());
        string[] range = (await store.RunAsync("range")).Split('\n');
        await watch.Output.LineAsync($"{rows.Length}\t");

        Assert.Equal([$"{rows.Length} rows, revision {rows.Length}"], import.Output.Lines);
        Assert.Equal($"{rows.Length} rows stored", import.Errors.Lines[^1]);
        Assert.Equal(rows.Order(StringComparer.Ordinal), range);
        Assert.Equal(rows.Select((row, index) => $"{index + 1}\tput\t{row}"), watch.Output.Lines);
        watch.Interrupt();
        Assert.Equal(0, await watch.ExitAsync());
        Assert.Empty(watch.Errors.Lines);
    }

    // Over QUIC a killed server is noticed by its silence alone, which takes some seconds each time.
    [Theory]
    [InlineData("tls", 2)]
    [InlineData("quic", 1)]
    public async Task A_watch_misses_and_repeats_nothing_when_the_server_is_killed_during_writes(string transport, int kills)
    {
        using var folder = new TemporaryFolder();
        await using StoreProcess store = await StoreProcess.StartAsync(folder, transport);
        string[] rows = [.. Enumerable.Range(1, 20_000).Select(row => $"{row:D6}\tvalue {row}")];
        await File.WriteAllLinesAsync(folder.File("rows.tsv"), rows, Cancellation);
        await using ChildProcess watch = store.Start("watch", "--from", "1");

        var written = new List<string>();
        for (int kill = 1; kill <= kills; kill++)
        {
            // The import is under way when its first rows are on disk. How many of them survive the kill, the store itself says.
            await using ChildProcess import = store.Start("import", folder.File("rows.tsv"));
            await import.Errors.LineAsync("1000 rows stored");
            await store.Process.KillAsync();
            Assert.Equal(1, await import.ExitAsync());
            Assert.StartsWith("error: ", import.Errors.Lines[^1], StringComparison.Ordinal);

            await store.RestartAsync();
            int revision = int.Parse((await store.RunAsync("put", "mark", $"{kill}")).Split(' ')[1], CultureInfo.InvariantCulture);
            int imported = revision - written.Count - 1;
            Assert.InRange(imported, 1000, rows.Length - 1);
            written.AddRange(rows.Take(imported));
            written.Add($"mark\t{kill}");
        }

        await watch.Output.LineAsync($"mark\t{kills}");

        Assert.Equal(written.Select((row, index) => $"{index + 1}\tput\t{row}"), watch.Output.Lines);
        Assert.Contains(watch.Errors.Lines, line => line.StartsWith("interrupted: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_keeps_everything()
    {
        using var folder = new TemporaryFolder();
        await using StoreProcess store = await StoreProcess.StartAsync(folder);
        Assert.Equal("revision 1", await store.RunAsync("put", "fruit/apple", "red"));
        Assert.Equal("revision 2", await store.RunAsync("put", "fruit/apple", "grün"));
        Assert.Equal("revision 3", await store.RunAsync("put", "fruit/plum", ""));
        Assert.Equal("revision 4, 1 deleted", await store.RunAsync("delete", "fruit/plum"));

        store.Process.Interrupt();
        Assert.Equal(0, await store.Process.ExitAsync());
        await store.RestartAsync();

        Assert.Equal("grün", await store.RunAsync("get", "fruit/apple"));
        Assert.Equal("red", await store.RunAsync("get", "fruit/apple", "--revision", "1"));
        Assert.Equal("fruit/apple\tgrün\nfruit/plum\t", await store.RunAsync("range", "fruit/", "--revision", "3"));
        Assert.Equal("fruit/apple\tgrün", await store.RunAsync("range", "fruit/"));
        Assert.Equal("revision 5", await store.RunAsync("put", "fruit/plum", "blue"));
    }

    [Fact]
    public async Task Control_C_ends_a_server_that_somebody_watches_and_the_watch_goes_on_after_its_return()
    {
        using var folder = new TemporaryFolder();
        await using StoreProcess store = await StoreProcess.StartAsync(folder);
        await store.RunAsync("put", "a", "1");
        await using ChildProcess watch = store.Start("watch", "--from", "1");
        await watch.Output.LineAsync("1\tput\ta\t1");

        store.Process.Interrupt();
        Assert.Equal(0, await store.Process.ExitAsync());
        Assert.Empty(store.Process.Errors.Lines);
        await watch.Errors.LineAsync("interrupted: ");
        await store.RestartAsync();
        await store.RunAsync("put", "a", "2");

        Assert.Equal("2\tput\ta\t2", await watch.Output.LineAsync("2\t"));
        Assert.Equal(2, watch.Output.Lines.Length);
    }

    [Fact]
    public async Task A_second_server_of_the_same_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using StoreProcess store = await StoreProcess.StartAsync(folder);

        await ExpectErrorAsync("is it served already?", "serve", "--data", folder.File("store.db"));

        Assert.Equal("revision 1", await store.RunAsync("put", "a", "1"));
    }

    [Fact]
    public async Task A_wrong_call_gives_an_error_and_not_a_stack_trace()
    {
        using var folder = new TemporaryFolder();
        await using StoreProcess store = await StoreProcess.StartAsync(folder);
        await File.WriteAllTextAsync(folder.File("text"), new string('x', 4096), Cancellation);
        await File.WriteAllTextAsync(folder.File("rows.tsv"), "a\t1\n\tno key\n", Cancellation);

        await ExpectErrorAsync("There is no key \"a\".", "get", store.Ticket, "a");
        await ExpectErrorAsync("no revision 9 yet", "range", store.Ticket, "--revision", "9");
        await ExpectErrorAsync("A key is missing or empty", "import", store.Ticket, folder.File("rows.tsv"));
        await ExpectErrorAsync("nowhere.tsv", "import", store.Ticket, folder.File("nowhere.tsv"));
        await ExpectErrorAsync("ticket", "get", "nonsense", "a");
        await ExpectErrorAsync("'here' is neither", "serve", "--data", folder.File("other.db"), "--listen", "here");
        await ExpectErrorAsync("not a database", "serve", "--data", folder.File("text"));
        await ExpectErrorAsync("nowhere", "serve", "--data", folder.File("nowhere/store.db"));
        await ExpectErrorAsync("error: ", "serve", "--data", folder.File("other.db"), "--secret-key-file", folder.File("text"));
    }

    private static async Task ExpectErrorAsync(string error, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(SampleProgram.KeyValue, arguments);
        Assert.Equal(1, await process.ExitAsync());
        Assert.Contains(error, process.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Errors.Text, StringComparison.Ordinal);
    }

    private static string Row(string line)
    {
        int separator = line.IndexOf(';', StringComparison.Ordinal);
        return $"{line[..separator]}\t{line[(separator + 1)..]}";
    }
}
