namespace Tunnel;

/// <summary>Plain lines, for logs and pipes.</summary>
internal sealed class PlainView(TextWriter output) : ITunnelView
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public void Line(string text) => _output.WriteLine($"{DateTimeOffset.Now:HH:mm:ss} {text}");

    public void Trouble(string text) => Line($"warning: {text}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
