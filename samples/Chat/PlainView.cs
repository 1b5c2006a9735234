using System.Globalization;

namespace Chat;

/// <summary>Lines in, lines out, for pipes: what is said on standard output, the rest on standard error.</summary>
internal sealed class PlainView : IChatView
{
    public void Message(string room, ChatMessage message, bool isHistory)
        => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{message.Time:HH:mm} #{room} <{message.Name}> {message.Text}"));

    public void Note(string room, string text) => Console.Error.WriteLine($"#{room} {text}");

    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => await Console.In.ReadLineAsync(cancellationToken);
}
