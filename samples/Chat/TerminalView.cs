using System.Globalization;
using System.Text;
using IrohRpc;
using Spectre.Console;

namespace Chat;

/// <summary>Messages scroll by above the line that is being written. Up and down bring back what was written before.</summary>
internal sealed class TerminalView(IAnsiConsole console) : IChatView
{
    private static readonly Color[] Colours = [Color.Aqua, Color.Lime, Color.Yellow, Color.Fuchsia, Color.Orange1, Color.DeepSkyBlue1];

    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new();
    private readonly List<string> _written = [];
    private int _recalled;

    public void Line(string room, ChatLine line, bool isHistory)
    {
        Color colour = Colours[line.Author[0] % Colours.Length];
        string text = Markup.Escape(PeerText.Escape(line.Text));
        Show(new Markup(string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]{line.Time.ToLocalTime():HH:mm} #{Markup.Escape(room)}[/] [{colour.ToMarkup()}]{Markup.Escape(PeerText.Escape(line.Name))}[/] {(isHistory ? $"[grey]{text}[/]" : text)}")));
    }

    public void Note(string room, string text) => Show(new Markup($"[grey]#{Markup.Escape(room)} {Markup.Escape(text)}[/]"));

    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        Redraw();
        while (true)
        {
            while (!Console.KeyAvailable)
            {
                await Task.Delay(20, cancellationToken);
            }

            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            lock (_lock)
            {
                switch (key.Key)
                {
                    case ConsoleKey.Enter when _line.Length > 0:
                        string line = _line.ToString();
                        _line.Clear();
                        _written.Add(line);
                        _recalled = _written.Count;
                        Redraw();
                        return line;
                    case ConsoleKey.Backspace when _line.Length > 0:
                        _line.Length -= _line.Length > 1 && char.IsLowSurrogate(_line[^1]) ? 2 : 1;
                        break;
                    case ConsoleKey.UpArrow or ConsoleKey.DownArrow when _written.Count > 0:
                        _recalled = Math.Clamp(_recalled + (key.Key == ConsoleKey.UpArrow ? -1 : 1), 0, _written.Count);
                        _line.Clear().Append(_recalled < _written.Count ? _written[_recalled] : "");
                        break;
                    case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && _line.Length == 0:
                        return null;
                    default:
                        if (!char.IsControl(key.KeyChar))
                        {
                            _line.Append(key.KeyChar);
                        }

                        break;
                }

                Redraw();
            }
        }
    }

    private void Show(Markup markup)
    {
        lock (_lock)
        {
            Console.Write("\r\u001b[2K");
            console.Write(markup);
            console.WriteLine();
            Redraw();
        }
    }

    private void Redraw()
    {
        lock (_lock)
        {
            // Only the end of a long line is shown, so that it stays one line.
            int room = Math.Max(10, Console.WindowWidth - 4);
            string text = _line.Length > room ? _line.ToString(_line.Length - room, room) : _line.ToString();
            Console.Write($"\r\u001b[2K> {text}");
        }
    }
}
