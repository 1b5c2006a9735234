using System.Text;

namespace IrohRpc.Generators.Emission;

/// <summary>Lines of code with indentation, always with line feeds, so that the same model gives the same bytes on every machine.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line, or several parted by line feeds; an empty text writes an empty line.</summary>
    public void Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0)
            {
                _text.Append(' ', _depth * 4).Append(line);
            }

            _text.Append('\n');
        }
    }

    /// <summary>Writes <paramref name="header"/> and an opening brace; what follows is indented.</summary>
    public void Open(string header)
    {
        Line(header);
        Line("{");
        _depth++;
    }

    /// <summary>Ends what <see cref="Open"/> began.</summary>
    public void Close(string after = "")
    {
        _depth--;
        Line("}" + after);
    }

    /// <summary>Indents what follows by one step.</summary>
    public void Indent() => _depth++;

    /// <summary>Takes back one step of indentation.</summary>
    public void Unindent() => _depth--;

    public override string ToString() => _text.ToString();
}
