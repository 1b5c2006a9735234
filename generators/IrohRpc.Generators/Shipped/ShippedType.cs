using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Shipped;

/// <summary>A type that a method reaches, with its layout: <c>Book~{Title@0:string, Year@1:i32}</c>.</summary>
/// <param name="Name">The name with type arguments, as expressions name it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Detail">An enum's underlying type; what a struct says of its layout.</param>
/// <param name="Members">Its members in the order of the wire.</param>
internal sealed record ShippedType(string Name, ShippedForm Form, string Detail, EquatableArray<ShippedMember> Members)
{
    /// <summary>Reads what stands behind the word <c>type</c>; null where it is no type.</summary>
    public static ShippedType? Parse(string text)
    {
        int end = EndOfName(text);
        string name = text.Substring(0, end);
        string rest = text.Substring(end);
        if (TypeExpression.Parse(name) is null || rest.Length == 0)
        {
            return null;
        }

        return rest[0] switch
        {
            '!' when rest.Length == 1 => new ShippedType(name, ShippedForm.Custom, "", EquatableArray<ShippedMember>.Empty),
            '{' => Read(name, ShippedForm.Object, "", rest, '{', '}'),
            '~' => Read(name, ShippedForm.VersionTolerant, "", rest.Substring(1), '{', '}'),
            '^' => Read(name, ShippedForm.CircularReference, "", rest.Substring(1), '{', '}'),
            '[' => Read(name, ShippedForm.Union, "", rest, '[', ']'),
            ':' when rest.IndexOf('{') is > 1 and var brace
                => Read(name, ShippedForm.Enum, rest.Substring(1, brace - 1), rest.Substring(brace), '{', '}'),
            ' ' or '(' when rest.IndexOf('(') is >= 0 and var parenthesis
                => Read(name, ShippedForm.Struct, rest.Substring(0, parenthesis).Trim(), rest.Substring(parenthesis), '(', ')'),
            _ => null,
        };
    }

    /// <summary>The line.</summary>
    public override string ToString()
    {
        string members = string.Join(", ", Members.Select(member => member.ToString(Form)));
        return Form switch
        {
            ShippedForm.Object => $"{Name}{{{members}}}",
            ShippedForm.VersionTolerant => $"{Name}~{{{members}}}",
            ShippedForm.CircularReference => $"{Name}^{{{members}}}",
            ShippedForm.Struct => $"{Name}{(Detail.Length > 0 ? " " + Detail : "")}({members})",
            ShippedForm.Enum => $"{Name}:{Detail}{{{members}}}",
            ShippedForm.Union => $"{Name}[{members}]",
            _ => $"{Name}!",
        };
    }

    private static ShippedType? Read(string name, ShippedForm form, string detail, string body, char open, char close)
    {
        if (body.Length < 2 || body[0] != open || body[body.Length - 1] != close)
        {
            return null;
        }

        List<ShippedMember?>? members = TypeExpression.Split(body.Substring(1, body.Length - 2))?
            .Select(member => ShippedMember.Parse(member, form)).ToList();
        return members is null || members.Contains(null)
            ? null
            : new ShippedType(name, form, detail, new EquatableArray<ShippedMember>([.. members!]));
    }

    private static int EndOfName(string text)
    {
        int depth = 0;
        int end = 0;
        while (end < text.Length && (depth > 0 || text[end] is not ('{' or '~' or '^' or '[' or '(' or ':' or '!' or ' ')))
        {
            depth += text[end] == '<' ? 1 : text[end] == '>' ? -1 : 0;
            end++;
        }

        return end;
    }
}
