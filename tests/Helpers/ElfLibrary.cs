using System.Text;

namespace Backprop.Tests;

/// <summary>A shared library for Linux with nothing in it but symbols that it asks for, each in a version of libc or of the C++ library.</summary>
internal static class ElfLibrary
{
    /// <summary>The version that older C++ libraries lack.</summary>
    public const string Newest = "GLIBCXX_3.4.32";

    private const int HeaderSize = 64;

    private static readonly (string Library, string[] Versions)[] Needs =
    [
        ("libc.so.6", ["GLIBC_2.34"]),
        ("libstdc++.so.6", ["GLIBCXX_3.4.30", Newest]),
    ];

    public static byte[] Asking(params (string Symbol, string Version)[] symbols)
    {
        var names = new StringTable();
        var numbers = Needs.SelectMany(need => need.Versions).Select((version, i) => (version, Number: (ushort)(i + 2))).ToDictionary();
        var dynsym = Bytes(w =>
        {
            w.Write(new byte[24]);
            foreach (var (symbol, _) in symbols)
            {
                w.Write(names.Add(symbol));
                w.Write(new byte[20]);
            }
        });
        var versym = Bytes(w =>
        {
            w.Write((ushort)0);
            foreach (var (_, version) in symbols)
            {
                w.Write(numbers[version]);
            }
        });
        var verneed = Bytes(w =>
        {
            foreach (var need in Needs)
            {
                w.Write((ushort)1);
                w.Write((ushort)need.Versions.Length);
                w.Write(names.Add(need.Library));
                w.Write(16);
                w.Write(need == Needs[^1] ? 0 : 16 + (16 * need.Versions.Length));
                foreach (var version in need.Versions)
                {
                    w.Write(0);
                    w.Write((ushort)0);
                    w.Write(numbers[version]);
                    w.Write(names.Add(version));
                    w.Write(version == need.Versions[^1] ? 0 : 16);
                }
            }
        });
        return File([(3, names.ToArray()), (11, dynsym), (0x6fffffff, versym), (0x6ffffffe, verneed)]);
    }

    // Every section names section 1, the names, as its companion.
    private static byte[] File((int Type, byte[] Content)[] sections) => Bytes(w =>
    {
        w.Write("\u007fELF\u0002\u0001\u0001"u8);
        w.Write(new byte[9]);
        w.Write((short)3);
        w.Write((short)62);
        w.Write(1);
        w.Write(0L);
        w.Write(0L);
        w.Write((long)HeaderSize + sections.Sum(section => section.Content.Length));
        w.Write(0);
        w.Write((short)HeaderSize);
        w.Write(0);
        w.Write((short)HeaderSize);
        w.Write((short)(sections.Length + 1));
        w.Write((short)0);
        foreach (var (_, content) in sections)
        {
            w.Write(content);
        }

        w.Write(new byte[HeaderSize]);
        long offset = HeaderSize;
        foreach (var (type, content) in sections)
        {
            w.Write(0);
            w.Write(type);
            w.Write(0L);
            w.Write(0L);
            w.Write(offset);
            w.Write((long)content.Length);
            w.Write(1);
            w.Write(new byte[20]);
            offset += content.Length;
        }
    });

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        var stream = new MemoryStream();
        write(new BinaryWriter(stream));
        return stream.ToArray();
    }

    private sealed class StringTable
    {
        private readonly List<byte> bytes = [0];

        public int Add(string text)
        {
            var position = bytes.Count;
            bytes.AddRange(Encoding.ASCII.GetBytes(text));
            bytes.Add(0);
            return position;
        }

        public byte[] ToArray() => [.. bytes];
    }
}
