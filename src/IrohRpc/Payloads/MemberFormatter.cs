using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MemoryPack;

namespace IrohRpc.Payloads;

/// <summary>Finds the attribute that gives a member its formatter, as the code does that MemoryPack generates for the type.</summary>
internal static class MemberFormatter
{
    public const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields
        | DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties;

    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static TAttribute Find<[DynamicallyAccessedMembers(Members)] TOwner, TAttribute>(string member)
        where TAttribute : Attribute
        => Find<TOwner>(member)?.GetCustomAttribute<TAttribute>() ?? throw Lost<TOwner>(member);

    /// <summary>The formatter, whichever attribute gives it: one of a compiled project may not show which.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The code that MemoryPack generates for the type calls the method.")]
    public static IMemoryPackFormatter<T> Of<[DynamicallyAccessedMembers(Members)] TOwner, T>(string member)
    {
        foreach (Attribute attribute in Find<TOwner>(member)?.GetCustomAttributes() ?? [])
        {
            if (attribute is MemoryPackCustomFormatterAttribute<T> known)
            {
                return known.GetFormatter();
            }

            for (Type? level = attribute.GetType(); level is not null; level = level.BaseType)
            {
                if (level.IsGenericType && level.GetGenericTypeDefinition() == typeof(MemoryPackCustomFormatterAttribute<,>)
                    && attribute.GetType().GetMethod("GetFormatter")?.Invoke(attribute, null) is IMemoryPackFormatter<T> formatter)
                {
                    return formatter;
                }
            }
        }

        throw Lost<TOwner>(member);
    }

    private static MemberInfo? Find<[DynamicallyAccessedMembers(Members)] TOwner>(string member)
        => (MemberInfo?)typeof(TOwner).GetProperty(member, Instance) ?? typeof(TOwner).GetField(member, Instance);

    private static NotSupportedException Lost<TOwner>(string member) => new($"{typeof(TOwner)}.{member} has lost the attribute that says how it is read.");
}
