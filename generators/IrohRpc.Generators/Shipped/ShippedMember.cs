namespace IrohRpc.Generators.Shipped;

/// <summary>One member, enum value or union case of a type's line.</summary>
/// <param name="Name">The member's name; a union case's tag.</param>
/// <param name="Number">The number in a type that tolerates versions, or null.</param>
/// <param name="Value">The type, or an enum member's value.</param>
internal sealed record ShippedMember(string Name, int? Number, string Value)
{
    /// <summary>Reads a member of a type in <paramref name="form"/>; null where it is none.</summary>
    public static ShippedMember? Parse(string text, ShippedForm form)
    {
        int separator = text.IndexOf(form == ShippedForm.Enum ? '=' : ':');
        if (separator <= 0 || separator == text.Length - 1)
        {
            return null;
        }

        string name = text.Substring(0, separator);
        string value = text.Substring(separator + 1);
        if (form != ShippedForm.Enum && TypeExpression.Parse(value) is null)
        {
            return null;
        }

        if (form is not (ShippedForm.VersionTolerant or ShippedForm.CircularReference))
        {
            return new ShippedMember(name, null, value);
        }

        int at = name.LastIndexOf('@');
        return at > 0 && int.TryParse(name.Substring(at + 1), out int number) ? new ShippedMember(name.Substring(0, at), number, value) : null;
    }

    /// <summary>The member as the line has it.</summary>
    public string ToString(ShippedForm form) => form == ShippedForm.Enum ? $"{Name}={Value}"
        : Number is { } number ? $"{Name}@{number}:{Value}"
        : $"{Name}:{Value}";
}
