namespace IrohRpc.Samples.Tests.Programs;

/// <summary>A member of a chat, as a process in plain mode.</summary>
internal sealed class ChatMember : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ChatMember(ChildProcess process, string ticket)
    {
        _process = process;
        Ticket = ticket;
    }

    public string Ticket { get; }

    public static async Task<ChatMember> StartAsync(string name, params string[] tickets)
    {
        ChildProcess process = ChildProcess.Start(
            SampleProgram.Chat, ["--name", name, "--listen", "127.0.0.1:0", .. tickets.SelectMany(static ticket => (string[])["--join", ticket])]);
        string line = await process.Errors.LineAsync("--join endpoint");
        return new ChatMember(process, line[line.IndexOf("endpoint", StringComparison.Ordinal)..]);
    }

    public Task SayAsync(string line) => _process.WriteLineAsync(line);

    /// <summary>Waits until a line with this was said.</summary>
    public Task<string> HearAsync(string text) => _process.Output.LineAsync(text);

    public Task<string> NoteAsync(string text) => _process.Errors.LineAsync(text);

    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
