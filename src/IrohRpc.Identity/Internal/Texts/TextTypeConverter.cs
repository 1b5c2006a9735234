using System.ComponentModel;
using System.Globalization;

namespace IrohRpc.Identity.Internal.Texts;

/// <summary>What the configuration binder, designers and command lines read a value from a string with.</summary>
internal abstract class TextTypeConverter<T> : TypeConverter
    where T : notnull
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override bool CanConvertTo(ITypeDescriptorContext? context, Type? destinationType) => destinationType == typeof(string) || base.CanConvertTo(context, destinationType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
        => value is string text ? FromText(text) : base.ConvertFrom(context, culture, value);

    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType)
        => destinationType == typeof(string) && value is T typed ? ToText(typed) : base.ConvertTo(context, culture, value, destinationType);

    protected abstract T FromText(string text);

    protected abstract string ToText(T value);
}
