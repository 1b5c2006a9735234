using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Shipped;

/// <summary>How a line names a type: <c>i32</c>, <c>Book</c>, <c>list&lt;Book&gt;</c>.</summary>
/// <param name="Name">The name, without arguments.</param>
/// <param name="Arguments">The type arguments.</param>
/// <param name="Text">The whole.</param>
internal sealed record TypeExpression(string Name, EquatableArray<TypeExpression> Arguments, string Text)
{
    /// <summary>The name without the number that tells types of one name apart: which of them has which number may change.</summary>
    public string BareName
    {
        get
        {
            int number = Name.IndexOf('#');
            return number > 0 ? Name.Substring(0, number) : Name;
        }
    }

    /// <summary>Reads an expression; null where it is none.</summary>
    public static TypeExpression? Parse(string text)
    {
        int position = 0;
        TypeExpression? expression = Parse(text, ref position);
        return position == text.Length ? expression : null;
    }

    /// <summary>Splits at the commas that stand outside all brackets; null where brackets do not match.</summary>
    public static IReadOnlyList<string>? Split(string text)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] is '<' or '(' ? 1 : text[i] is '>' or ')' ? -1 : 0;
            if (depth < 0)
            {
                return null;
            }

            if (text[i] == ',' && depth == 0)
            {
                parts.Add(text.Substring(start, i - start).Trim());
                start = i + 1;
            }
        }

        if (text.Trim().Length > 0)
        {
            parts.Add(text.Substring(start).Trim());
        }

        return depth == 0 ? parts : null;
    }

    private static TypeExpression? Parse(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && text[position] is not ('<' or '>' or ',' or '(' or ')' or '{' or '}' or '[' or ']' or ' '))
        {
            position++;
        }

        string name = text.Substring(start, position - start);
        var arguments = new List<TypeExpression>();
        if (name.Length > 0 && position < text.Length && text[position] == '<')
        {
            do
            {
                position++;
                SkipSpaces(text, ref position);
                if (Parse(text, ref position) is not { } argument)
                {
                    return null;
                }

                arguments.Add(argument);
            }
            while (position < text.Length && text[position] == ',');

            if (position == text.Length || text[position++] != '>')
            {
                return null;
            }
        }

        // A struct of .NET's own is named in full, with empty parentheses.
        if (string.CompareOrdinal(text, position, "()", 0, 2) == 0)
        {
            name += "()";
            position += 2;
        }

        return name.Length > 0 && name != "()"
            ? new TypeExpression(name, new EquatableArray<TypeExpression>([.. arguments]), text.Substring(start, position - start))
            : null;
    }

    private static void SkipSpaces(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }
    }
}
